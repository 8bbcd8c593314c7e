/** The reader of `nft -j`: what it makes of texts that are whole, new to it, cut off or hostile. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RulesetError, type NftRuleset, parseNft, readNft } from "../../../src/netfilter/index.ts";

const folder = new URL("../../fixtures/rulesets/recorded-nft/", import.meta.url);
const TABLE = '{"table": {"family": "ip", "name": "t"}}';
const CHAIN = '{"chain": {"family": "ip", "table": "t", "name": "c"}}';

function ruleset(...objects: readonly string[]): string {
  return `{"nftables": [\n${objects.join(",\n")}\n]}\n`;
}

function rule(...statements: readonly string[]): string {
  return `{"rule": {"family": "ip", "table": "t", "chain": "c", "handle": 4, "expr": [${statements.join(", ")}]}}`;
}

function readStatements(...statements: readonly string[]): unknown {
  return parseNft(ruleset(TABLE, CHAIN, rule(...statements))).tables[0]?.chains[0]?.rules[0]?.statements;
}

function failure(text: string): string {
  try {
    parseNft(text);
  } catch (error) {
    if (error instanceof RulesetError) return `${error.line}:${error.column ?? "-"} ${error.message}`;
    throw error;
  }
  return "no error";
}

describe("a whole text", () => {
  it("gives tables with chains, rules, sets and objects, each with its place", () => {
    const { tables, version } = parseNft(readFileSync(new URL("administrator.json", folder), "utf8"));
    expect(version).toBe("1.0.6");
    expect(tables.map(({ family, name, chains, sets, objects }) => [family, name, chains.length, sets.length, objects.length])).toEqual([
      ["inet", "filter", 5, 5, 3],
      ["ip", "nat", 2, 0, 0],
    ]);
    const input = tables[0]?.chains[0];
    expect(input).toMatchObject({ name: "input", base: { type: "filter", hook: "input", priority: 0, policy: "drop", devices: [] } });
    expect(input?.rules[0]).toMatchObject({ index: 1, handle: expect.any(Number) as number, place: { line: 1, column: expect.any(Number) as number } });
    expect(tables[0]?.sets.find(({ name }) => name === "services")).toMatchObject({ keyTypes: ["inet_service"], valueType: "verdict", flags: ["interval"] });
    expect(tables[0]?.objects.map(({ kind, name }) => [kind, name])).toEqual([["limit", "lim_log"], ["quota", "month"], ["counter", "dropped"]]);
  });

  it("is read the same as text and as data, but for the places", () => {
    const text = readFileSync(new URL("kube-proxy.json", folder), "utf8");
    expect(withoutPlaces(readNft(JSON.parse(text)))).toEqual(withoutPlaces(parseNft(text)));
  });

  it("of a text on several lines every object has its line", () => {
    const { tables } = parseNft(ruleset(TABLE, CHAIN, rule('{"accept": null}')));
    expect([tables[0]?.place, tables[0]?.chains[0]?.place, tables[0]?.chains[0]?.rules[0]?.place].map((place) => place?.line)).toEqual([2, 3, 4]);
  });
});

describe("what is not known", () => {
  it("is kept as it stands", () => {
    expect(readStatements('{"frobnicate": {"a": 1}}', '{"drop": null}')).toEqual([
      { kind: "opaque", name: "frobnicate", json: { frobnicate: { a: 1 } } },
      { kind: "verdict", verdict: { kind: "drop" } },
    ]);
    expect(readStatements('{"match": {"op": "==", "left": {"quantum": {}}, "right": 5}}')).toEqual([
      { kind: "match", operator: "==", left: { kind: "opaque", name: "quantum", json: { quantum: {} } }, right: { kind: "value", value: 5 } },
    ]);
  });

  it("also where a known statement has an unknown form", () => {
    expect(readStatements('{"jump": null}', '{"limit": {"rate": 1, "per": "fortnight"}}', '{"match": {"op": "~", "left": 1, "right": 1}}', "5")).toMatchObject([
      { kind: "opaque", name: "jump" },
      { kind: "opaque", name: "limit" },
      { kind: "opaque", name: "match" },
      { kind: "opaque", name: "statement" },
    ]);
  });

  it("is an object of its table", () => {
    const { tables } = parseNft(ruleset(TABLE, '{"gadget": {"family": "ip", "table": "t", "name": "g", "size": 5}}'));
    expect(tables[0]?.objects).toMatchObject([{ kind: "other", type: "gadget", name: "g" }]);
  });

  it("names that every object has are no statements", () => {
    expect(readStatements('{"constructor": {}}', '{"__proto__": {"accept": null}}')).toMatchObject([{ kind: "opaque" }, { kind: "opaque", name: "__proto__" }]);
  });
});

describe("a text that is no rule set", () => {
  it.each([
    ["", "1:1 expected a value, found the end of the text"],
    ["table ip filter {", '1:1 expected a value, found "t"'],
    ['{"nftables": [{"table": {"family": "ip",\n "name": "t"', "2:13 expected `,` or `}`, found the end of the text"],
    ['{"nftables": [] } x', '1:19 expected the end, found "x"'],
    ['{"nftables": [{"a": "\u0001"}]}', "1:21 a string that does not end, or holds what JSON does not allow in one"],
    ["[]", '1:1 expected nft\'s output, {"nftables": […]}, as an object'],
    ['{"other": []}', '1:1 expected {"nftables": […]}, as `nft -j list ruleset` prints it'],
    ['{"nftables": [5]}', "1:14 expected an object with one key"],
    [ruleset(CHAIN), "2:11 table ip t is not declared before"],
    [ruleset(TABLE, TABLE), "3:11 table ip t occurs twice"],
    [ruleset(TABLE, CHAIN, CHAIN), "4:11 chain c occurs twice in table ip t"],
    [ruleset(TABLE, rule('{"drop": null}')), "3:10 chain c is not declared before its rule"],
    [ruleset(TABLE, CHAIN, '{"rule": {"family": "ip", "table": "t", "chain": "c"}}'), '4:10 expected "expr" as a list'],
    [ruleset(TABLE, '{"chain": {"family": "ip", "table": "t", "name": "c", "hook": "input", "type": "filter", "prio": "0"}}'), '3:11 expected "prio" as a number'],
    [ruleset(TABLE, '{"chain": {"family": "ip", "table": "t", "name": "c", "hook": "input", "type": "filter", "prio": 0, "policy": "maybe"}}'), '3:11 unknown policy "maybe"'],
    ["[".repeat(300), "1:202 nested more than 200 deep"],
  ])("%j is refused with its place", (text, message) => {
    expect(failure(text)).toBe(message);
  });

  it("cut off anywhere it is an error with a line, never half a rule set", () => {
    const text = readFileSync(new URL("netavark.json", folder), "utf8").trimEnd();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: text.length - 1 }), (length) => {
        expect(failure(text.slice(0, length))).toMatch(/^1:\d+ /);
      }),
      { numRuns: 200 },
    );
  });

  it("with parts replaced it is read or refused, and nothing else happens", () => {
    const text = readFileSync(new URL("administrator.json", folder), "utf8");
    fc.assert(
      fc.property(fc.nat({ max: text.length }), fc.nat({ max: 40 }), fc.json({ maxDepth: 2 }), (at, length, inserted) => {
        failure(text.slice(0, at) + inserted + text.slice(at + length));
      }),
      { numRuns: 300 },
    );
  });
});

function withoutPlaces(read: NftRuleset): unknown {
  return JSON.parse(JSON.stringify(read, (key, value: unknown) => (key === "place" ? undefined : value)));
}
