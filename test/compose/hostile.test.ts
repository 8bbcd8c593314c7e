/** Whatever a file holds: known errors with a place, never a stack trace, and never for long. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HardenError, HardenErrors } from "../../src/errors.ts";
import { deriveMemory, type Given, loadMemory } from "../support/compose/memory.ts";
import { listCases } from "../support/compose/cases.ts";

function refusal(given: Given | string): HardenError {
  try {
    loadMemory(given);
  } catch (error) {
    if (error instanceof HardenError) return error;
    throw error;
  }
  throw new Error("was not refused");
}

function told(given: Given | string): string[] {
  const error = refusal(given);
  const errors = error instanceof HardenErrors ? error.errors : [error];
  return errors.map(({ message, position }) => `${position?.file ?? ""}:${position?.line ?? ""}:${position?.column ?? ""} ${message}`);
}

describe("several faults at once, each at its place", () => {
  it("of YAML", () => {
    expect(told("services:\n  web:\n    image: a\n    image: b\n    labels: {1: x}\nservices: {}\n")).toEqual([
      'compose.yaml:4:5 the key "image" is given twice, first in line 3',
      "compose.yaml:5:14 a key must be text",
      'compose.yaml:6:1 the key "services" is given twice, first in line 1',
    ]);
  });

  it("of casts", () => {
    expect(told("services:\n  web:\n    image: a\n    read_only: host\n    pids_limit: many\n")).toEqual([
      'compose.yaml:4:16 services.web.read_only takes true or false, not "host"',
      'compose.yaml:5:17 services.web.pids_limit takes an integer, not "many"',
    ]);
  });

  it("of keys and types, with what would be right", () => {
    const error = refusal("services:\n  web:\n    image: a\n    privilegd: true\n    cap_add: 5\n    user: \n");
    expect(told("services:\n  web:\n    image: a\n    privilegd: true\n    cap_add: 5\n    user: \n")).toEqual([
      'compose.yaml:4:5 services.web has no key "privilegd"',
      "compose.yaml:5:14 services.web.cap_add takes a list, not a number",
      "compose.yaml:6:5 services.web.user takes text, not nothing",
    ]);
    expect(error instanceof HardenErrors ? error.errors[0]?.hint : null).toBe('did you mean "privileged"?');
  });
});

describe("bounds", () => {
  it("an alias bomb", () => {
    const levels = Array.from({ length: 12 }, (_, index) => `x-${index}: &a${index} [${Array.from({ length: 9 }, () => (index === 0 ? "x" : `*a${index - 1}`)).join(", ")}]`);
    const started = performance.now();
    expect(told(`${levels.join("\n")}\nservices: {web: {image: a}}\n`)[0]).toMatch(/^compose.yaml:7:\d+ holds more than 1000000 values/);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it.each(["[", "{a: "])("%s without end", (open) => {
    expect(told(open.repeat(50_000))[0]).toMatch(/^compose.yaml:1:/);
  });

  it("a chain of ten thousand dependencies", () => {
    const services = Array.from({ length: 10_000 }, (_, index) => `  s${index}: {image: a${index === 9999 ? "" : `, depends_on: [s${index + 1}]`}}`);
    expect(() => loadMemory(`services:\n${services.join("\n")}\n`)).not.toThrow();
  });
});

it("names of JavaScript's own mean nothing", () => {
  const containers = deriveMemory("services:\n  __proto__: {image: a}\n  constructor: {image: b, environment: {__proto__: x, toString: y}}\n  hasOwnProperty: {image: c}\n");
  expect(Object.keys(containers).length).toBe(3);
  expect(told("services: {web: {image: a, constructor: 1}}")[0]).toContain('no key "constructor"');
});

it("nothing makes a stack trace", () => {
  const texts = [...listCases().values()].flatMap(({ files }) => Object.values(files));
  const edit = fc.tuple(fc.nat(3000), fc.constantFrom("", ":", "- ", "{", "}", "[", "]", "&a ", "*a", "<<: ", "!reset ", "!override ", "${", "}", "$", "\n", "\t", "|", ">", "'", '"', "#", "null", "5", "---\n", "\u0000", "\uD800"));
  const edited = fc.tuple(fc.constantFrom(...texts), fc.array(edit, { maxLength: 4 })).map(([text, edits]) =>
    edits.reduce((current, [at, what]) => {
      const start = at % (current.length + 1);
      return current.slice(0, start) + what + current.slice(start + (what === "" ? 1 : 0));
    }, text),
  );
  fc.assert(
    fc.property(fc.record({ "compose.yaml": fc.oneof(edited, fc.string()), "b.yaml": edited, ".env": fc.oneof(fc.string(), fc.constant("A=1\n")) }), (files) => {
      try {
        deriveMemory({ files, compose: ["compose.yaml", "b.yaml"] });
      } catch (error) {
        if (!(error instanceof HardenError)) throw error;
      }
    }),
    { numRuns: 1500 },
  );
});
