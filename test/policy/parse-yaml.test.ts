import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { HardenError } from "../../src/errors.ts";
import { placeOf, toErrors } from "../../src/policy/document.ts";
import { parseYaml } from "../../src/policy/parse-yaml.ts";
import { messageOf } from "../support/errors.ts";

const LIMIT = 64 * 1024;

function parse(text: string) {
  return parseYaml(text, "p.yaml", LIMIT);
}

describe("YAML that strangers wrote", () => {
  it("is plain values", () => {
    expect(parse("a: 1\nb: [x, 2.5, true, null, ~]\nc: {d: 'e'}\non: yes\n").value).toEqual({ a: 1, b: ["x", 2.5, true, null, null], c: { d: "e" }, on: "yes" });
    expect(parse("# nothing\n").value).toBeNull();
    expect(parse("1: x\n").value).toEqual({ "1": "x" });
  });

  it("keeps the place of every value and key", () => {
    const document = parse("top:\n  - name: x\n    empty:\n");
    const brief = (path: (string | number)[], part?: "key") => {
      const { line, column, endLine, endColumn } = placeOf(document, path, part);
      return [line, column, endLine, endColumn];
    };
    expect(brief(["top", 0, "name"])).toEqual([2, 11, 2, 12]);
    expect(brief(["top", 0, "name"], "key")).toEqual([2, 5, 2, 9]);
    expect(brief(["top", 0, "empty"])).toEqual([3, 11, 3, 11]);
    expect(brief(["top", 0])).toEqual([2, 5, 3, 11]);
    expect(brief(["top", 0, "absent", "deeper"])).toEqual([2, 5, 3, 11]);
    expect(brief([]).slice(0, 2)).toEqual([1, 1]);
  });

  it("reads any value back as it was written", () => {
    const key = fc.string({ unit: fc.constantFrom("a", "b", " ", ":", "#", "é", "\n", "~", "/"), maxLength: 4 });
    const value = fc.jsonValue({ maxDepth: 3 }).map((one) => JSON.stringify(one)).filter((json) => !/constructor|prototype|__proto__/.test(json)).map((json): unknown => JSON.parse(json));
    fc.assert(fc.property(fc.dictionary(key, value, { maxKeys: 4 }), (given) => {
      expect(parse(stringify(given)).value).toEqual(JSON.parse(JSON.stringify(given)));
    }));
  });

  it("expands aliases, and places what they bring in where they stand", () => {
    const document = parse("a: &x {b: 1}\nc: *x\n");
    expect(document.value).toEqual({ a: { b: 1 }, c: { b: 1 } });
    expect(placeOf(document, ["c", "b"]).line).toBe(2);
  });
});

describe("YAML that is refused", () => {
  it.each([
    ["a: [1", "p.yaml:1:6: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]"],
    ["a: 1\na: 2", 'p.yaml:2:1: the key "a" is given twice'],
    ["a: {b: 1, b: 2}", 'p.yaml:1:11: the key "b" is given twice'],
    ["? [a]\n: x", "p.yaml:1:3: a key must be text"],
    ["a: &k x\n*k : y", "p.yaml:2:1: a key must be text"],
    ["a: !foo x", "p.yaml:1:4: custom tags are not accepted"],
    ["a: !!js/function x", "p.yaml:1:4: custom tags are not accepted"],
    ["a: !!binary aGk=", "p.yaml:1:4: custom tags are not accepted"],
    ["a: !!set {b}", "p.yaml:1:4: custom tags are not accepted"],
    ["__proto__: {polluted: true}", 'p.yaml:1:1: the key "__proto__" is not accepted'],
    ["a: {constructor: {prototype: 1}}", 'p.yaml:1:5: the key "constructor" is not accepted'],
    ["a: {prototype: 1}", 'p.yaml:1:5: the key "prototype" is not accepted'],
    ["a: *x", 'p.yaml:1:4: the alias "x" has no anchor before it'],
    ["a: *x\nb: &x 1", 'p.yaml:1:4: the alias "x" has no anchor before it'],
    ["a: &x [*x]", 'p.yaml:1:8: the alias "x" stands within what it refers to'],
    ["a: 1\n---\nb: 2", "p.yaml:2:1: more than one document in the file"],
    ["a: \"\u001b[31m\" x", "p.yaml:1:12: not valid YAML: Unexpected scalar at node end"],
  ])("%j", async (text, message) => {
    expect(await messageOf(() => parse(text))).toEqual([message]);
  });

  it("names all duplicate keys at once, and does not look further into them", async () => {
    expect(await messageOf(() => parse("a: 1\na: {b: 1, b: 2}\nc: 1\nc: 2"))).toEqual([
      'p.yaml:2:1: the key "a" is given twice', 'p.yaml:4:1: the key "c" is given twice',
    ]);
  });

  it("a document of another YAML version stays within the same rules", () => {
    expect(parse("%YAML 1.1\n---\non: yes\nm: {<<: 1}\n").value).toEqual({ on: "yes", m: { "<<": 1 } });
  });
});

describe("a YAML bomb", () => {
  const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]", ..."bcdefghi".split("").map((name, index) => {
    const before = "abcdefgh"[index] ?? "";
    return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(", ")}]`;
  })].join("\n");

  it("of aliases is refused where it grows too large", async () => {
    expect(await messageOf(() => parse(bomb))).toEqual(["p.yaml:5:7: expands to more than 64 KiB"]);
  });

  it("of long text repeated is refused too", async () => {
    const text = `a: &a "${"x".repeat(9000)}"\nb: [${Array.from({ length: 9 }, () => "*a").join(", ")}]\n`;
    expect(await messageOf(() => parse(text))).toEqual(["p.yaml:2:4: expands to more than 64 KiB"]);
  });

  it.each([
    ["flow lists", "[".repeat(LIMIT / 2) + "]".repeat(LIMIT / 2)],
    ["unclosed lists", "[".repeat(LIMIT)],
    ["block lists", "- ".repeat(LIMIT / 2)],
    ["explicit keys", "? ".repeat(LIMIT / 2)],
    ["maps", "{a: ".repeat(LIMIT / 4)],
    ["seventy levels", `${"[".repeat(70)}${"]".repeat(70)}`],
  ])("of %s is refused, soon and not by a crash", (_, text) => {
    const start = performance.now();
    expect(() => parse(text)).toThrow(HardenError);
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  it("of many keys is read in good time", () => {
    const start = performance.now();
    parseYaml(Array.from({ length: 60_000 }, (_, index) => `k${index}: 1`).join("\n"), "p.yaml", 1e7);
    expect(performance.now() - start).toBeLessThan(15_000);
  });
});

describe("errors of a document", () => {
  const document = parse("a: 1\nb: 2\n");

  it("stand in the order of their places", () => {
    const faults = [{ path: ["b"], part: "value", message: "late" }, { path: ["a"], part: "key", message: "early", hint: "why" }] as const;
    expect(toErrors(document, faults).map(({ message, position, hint }) => [message, position?.line, position?.column, hint])).toEqual([["early", 1, 1, "why"], ["late", 2, 4, null]]);
  });

  it("are no more than a person would read", () => {
    const faults = Array.from({ length: 60 }, () => ({ path: ["a"], part: "value", message: "x" }) as const);
    const errors = toErrors(document, faults);
    expect([errors.length, errors.at(-1)?.message]).toEqual([51, "and 10 more errors"]);
  });
});
