/** json-rules-engine, whose language conditions are, as the judge of what they come to where everything is known. */
import fc from "fast-check";
import { Engine } from "json-rules-engine";
import { expect, it } from "vitest";
import { compileCondition } from "../../src/policy/condition.ts";
import type { Condition, Leaf, TopCondition } from "../../src/policy/model/policy.ts";

const RESOURCE = { size: 5, limit: 7, half: 2.5, name: "web", image: "nginx", open: true, shut: false, none: null, caps: ["ALL", "CHOWN", 5], deep: { user: "root" } };
const PARAMETERS = { most: 5, names: ["web", "db"], word: "root" };

const NUMBERS = ["size", "limit", "half"];
const SCALARS = [...NUMBERS, "name", "image", "open", "shut", "none", "deep.user"];
const constant = fc.constantFrom<string | number | boolean | null>(5, 7, 2.5, "web", "root", true, false, null);
const reference = fc.constantFrom({ fact: "container", path: "limit" }, { fact: "container", path: "name" }, { fact: "parameters", path: "word" }, { fact: "parameters", path: "most" });
const list = fc.constantFrom<(string | number)[] | { fact: string; path: string }>(["web", 5], [], ["root", "nginx"], { fact: "parameters", path: "names" }, { fact: "container", path: "caps" });
const number = fc.constantFrom<number | { fact: string; path: string }>(5, 6, 2.5, { fact: "parameters", path: "most" }, { fact: "container", path: "limit" });

/** Operators that both have, on values of the types that json-rules-engine compares; what is not there, and other types, are our own affair. */
const leaf: fc.Arbitrary<Leaf> = fc.oneof(
  leafOf(SCALARS, ["equal", "notEqual"], fc.oneof(constant, reference)),
  leafOf(NUMBERS, ["lessThan", "lessThanInclusive", "greaterThan", "greaterThanInclusive"], number),
  leafOf(SCALARS.filter((path) => path !== "none"), ["in", "notIn"], list),
  leafOf(["caps"], ["contains"], fc.oneof(constant, reference)),
);

function leafOf(paths: readonly string[], operators: readonly Leaf["operator"][], right: fc.Arbitrary<Leaf["value"]>): fc.Arbitrary<Leaf> {
  return fc.record({ fact: fc.constant("container"), path: fc.constantFrom(...paths), operator: fc.constantFrom(...operators), value: right });
}

const { top } = fc.letrec<{ condition: Condition; top: TopCondition }>((tie) => ({
  condition: fc.oneof({ depthSize: "small", withCrossShrink: true }, leaf, tie("top")),
  top: fc.oneof(
    fc.array(tie("condition"), { minLength: 1, maxLength: 4 }).map((children) => ({ all: children })),
    fc.array(tie("condition"), { minLength: 1, maxLength: 4 }).map((children) => ({ any: children })),
    tie("condition").map((inner) => ({ not: inner })),
  ),
}));

async function askEngine(condition: TopCondition): Promise<boolean> {
  const engine = new Engine([{ conditions: condition, event: { type: "met" } }], {
    pathResolver: (value, path) => path.split(".").reduce<unknown>((inner, name) => (inner as Record<string, unknown>)[name], value),
  });
  return (await engine.run({ container: RESOURCE, parameters: PARAMETERS })).results.length > 0;
}

it("a condition of known values comes to what json-rules-engine says", async () => {
  const outcomes = new Set<boolean>();
  await fc.assert(fc.asyncProperty(top, async (condition) => {
    const expected = await askEngine(condition);
    outcomes.add(expected);
    const facts = { container: { value: RESOURCE, at: "", unknown: {} }, parameters: { value: PARAMETERS, at: "", unknown: {} } };
    expect(compileCondition(condition)(facts).value).toBe(expected);
  }), { numRuns: 1000 });
  expect(outcomes.size).toBe(2);
});
