import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Kleene } from "../../src/policy/kleene.ts";
import { applyOperator, OPERATOR_NAMES, type OperatorName } from "../../src/policy/operators.ts";
import { OPERATOR_TYPES } from "../../src/policy/operator-types.ts";
import { read } from "../../src/policy/view.ts";

function apply(name: OperatorName, actual: unknown, expected: unknown, unknown: Readonly<Record<string, string>> = {}): Kleene {
  return applyOperator(name, read({ value: { x: actual }, at: "", unknown }, "x"), expected);
}

const CASES: readonly (readonly [OperatorName, unknown, unknown, Kleene])[] = [
  ["equal", "a", "a", true],
  ["equal", "a", "b", false],
  ["equal", null, null, true],
  ["equal", undefined, null, true],
  ["equal", undefined, "a", false],
  ["equal", 0, null, false],
  ["notEqual", "a", "b", true],
  ["notEqual", "a", "a", false],
  ["notEqual", undefined, null, false],
  ["notEqual", null, "a", true],
  ["lessThan", 1, 2, true],
  ["lessThan", 2, 2, false],
  ["lessThanInclusive", 2, 2, true],
  ["lessThanInclusive", 3, 2, false],
  ["greaterThan", 3, 2, true],
  ["greaterThan", 2, 2, false],
  ["greaterThanInclusive", 2, 2, true],
  ["greaterThanInclusive", 1, 2, false],
  ["lessThan", null, 2, false],
  ["greaterThan", "3", 2, "unknown"],
  ["greaterThan", Number.NaN, 2, "unknown"],
  ["in", "a", ["a", "b"], true],
  ["in", "c", ["a", "b"], false],
  ["in", null, ["a"], false],
  ["notIn", "c", ["a", "b"], true],
  ["notIn", "a", ["a"], false],
  ["notIn", null, ["a"], false],
  ["startsWith", "tcp://x", "tcp://", true],
  ["startsWith", "unix://x", "tcp://", false],
  ["startsWith", null, "tcp://", false],
  ["startsWith", 5, "5", "unknown"],
  ["matchesGlob", "shop/web", "shop/*", true],
  ["matchesGlob", "blog/web", "shop/*", false],
  ["matchesGlob", undefined, "*", false],
  ["matchesGlob", true, "*", "unknown"],
  ["matchesAnyGlob", "shop/web", ["blog/*", "shop/*"], true],
  ["matchesAnyGlob", "db", ["blog/*", "shop/*"], false],
  ["matchesAnyGlob", null, ["*"], false],
  ["matchesAnyGlob", {}, ["*"], "unknown"],
  ["olderThanFix", "27.1.0", ["CVE-2024-41110", "26.1.5", "27.1.1"], true],
  ["olderThanFix", "27.1.1", ["CVE-2024-41110", "26.1.5", "27.1.1"], false],
  ["olderThanFix", null, ["27.1.1"], false],
  ["olderThanFix", "library-import", ["27.1.1"], "unknown"],
  ["olderThanFix", 27, ["27.1.1"], "unknown"],
  ["contains", ["a", "b"], "b", true],
  ["contains", ["a"], "b", false],
  ["contains", [], "b", false],
  ["contains", null, "b", false],
  ["contains", "abc", "b", "unknown"],
  ["containsAny", ["a", "b"], ["b", "c"], true],
  ["containsAny", ["a"], ["b", "c"], false],
  ["containsOther", ["a", "b"], ["a"], true],
  ["containsOther", ["a"], ["a", "b"], false],
  ["containsOther", [], ["a"], false],
  ["containsOther", ["a"], [], true],
  ["containsGlob", ["nofile=1"], ["nofile=*"], true],
  ["containsGlob", ["nproc=1"], ["nofile=*"], false],
  ["anyPathWithin", ["/etc/ssl"], ["/etc"], true],
  ["anyPathWithin", ["/etc"], ["/etc"], true],
  ["anyPathWithin", ["/etcetera"], ["/etc"], false],
  ["anyPathWithin", ["/srv"], ["/"], true],
  ["anyPathAbove", ["/var"], ["/var/run/docker.sock"], true],
  ["anyPathAbove", ["/"], ["/var/run/docker.sock"], true],
  ["anyPathAbove", ["/var/run/docker.sock"], ["/var/run/docker.sock"], true],
  ["anyPathAbove", ["/var/run/docker.sock.d"], ["/var/run/docker.sock"], false],
  ["anyPathIs", ["/home"], ["/", "/home"], true],
  ["anyPathIs", ["/home/me"], ["/", "/home"], false],
  ["anyRangeHolds", ["1-21", "443"], ["22", "443"], true],
  ["anyRangeHolds", ["1-21", "23-65535"], ["22"], false],
  ["anyRangeHolds", ["1-21"], ["21"], true],
  ["longerThan", ["a", "b"], 1, true],
  ["longerThan", ["a"], 1, false],
  ["longerThan", null, 0, false],
];

describe("operators", () => {
  it.each(CASES)("%s of %j and %j is %s", (name, actual, expected, wanted) => {
    expect(apply(name, actual, expected)).toBe(wanted);
  });

  it("are all tried here, and all have types", () => {
    expect([...new Set(CASES.map(([name]) => name))].sort()).toEqual([...OPERATOR_NAMES].sort());
    expect(Object.keys(OPERATOR_TYPES).sort()).toEqual([...OPERATOR_NAMES].sort());
  });

  it.each(OPERATOR_NAMES)("%s of what is not known is unknown, whatever stands in its place", (name) => {
    expect(apply(name, "a", "a", { "/x": "denied" })).toBe("unknown");
    expect(apply(name, ["a"], ["a"], { "": "denied" })).toBe("unknown");
  });
});

describe("a list with unknown elements", () => {
  const UNKNOWN = { "/x/1": "not resolved" };

  it("is decided by a known hit", () => {
    expect(apply("contains", ["a", "b"], "a", UNKNOWN)).toBe(true);
  });

  it("is unknown without one, even if the placeholder would be a hit", () => {
    expect(apply("contains", ["a", "b"], "b", UNKNOWN)).toBe("unknown");
    expect(apply("containsOther", ["a", "b"], ["a"], UNKNOWN)).toBe("unknown");
  });

  it("has a length all the same", () => {
    expect(apply("longerThan", ["a", "b"], 1, UNKNOWN)).toBe(true);
  });

  it("never claims what one way of turning out contradicts", () => {
    const elements = fc.array(fc.record({ value: fc.constantFrom("a", "b", "c"), known: fc.boolean() }), { maxLength: 4 });
    const operator = fc.constantFrom<OperatorName>("containsAny", "containsOther", "containsGlob");
    fc.assert(fc.property(elements, fc.subarray(["a", "b", "c"]), operator, (list, expected, name) => {
      const unknown = Object.fromEntries(list.flatMap(({ known }, index) => (known ? [] : [[`/x/${index}`, "not resolved"]])));
      const worlds = list.reduce<string[][]>(
        (sofar, { value, known }) => sofar.flatMap((world) => (known ? [[...world, value]] : ["a", "b", "c"].map((one) => [...world, one]))), [[]],
      );
      const answer = apply(name, list.map(({ value }) => value), expected, unknown);
      const outcomes = new Set(worlds.map((world) => apply(name, world, expected)));
      if (answer !== "unknown") expect([...outcomes]).toEqual([answer]);
      if (Object.keys(unknown).length === 0) expect(answer).not.toBe("unknown");
    }));
  });
});
