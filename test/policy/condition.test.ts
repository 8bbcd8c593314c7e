import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileCondition, type Facts } from "../../src/policy/condition.ts";
import { all, any, not, type Kleene } from "../../src/policy/kleene.ts";
import type { Condition, TopCondition } from "../../src/policy/model/policy.ts";

const NAMES = ["a", "b", "c", "d"] as const;
type Values = Readonly<Record<(typeof NAMES)[number], Kleene>>;

const leaf = fc.constantFrom(...NAMES).map((path): Condition => ({ fact: "container", path, operator: "equal", value: true }));
const { condition } = fc.letrec<{ condition: Condition; top: TopCondition }>((tie) => ({
  condition: fc.oneof({ depthSize: "small", withCrossShrink: true }, leaf, tie("top")),
  top: fc.oneof(
    fc.array(tie("condition"), { minLength: 1, maxLength: 4 }).map((list) => ({ all: list })),
    fc.array(tie("condition"), { minLength: 1, maxLength: 4 }).map((list) => ({ any: list })),
    tie("condition").map((inner) => ({ not: inner })),
  ),
}));
const top = condition.map((inner): TopCondition => ("fact" in inner ? { all: [inner] } : inner));
const truth = fc.constantFrom<Kleene>(true, false, "unknown");
const values: fc.Arbitrary<Values> = fc.record({ a: truth, b: truth, c: truth, d: truth });

function toFacts(given: Values): Facts {
  const unknown = Object.fromEntries(NAMES.filter((name) => given[name] === "unknown").map((name) => [`/${name}`, `${name} was not read`]));
  // The placeholder of an unknown value is the one that would be at fault: it must not count.
  const value = Object.fromEntries(NAMES.map((name) => [name, given[name] !== false]));
  return { container: { value, at: "", unknown } };
}

function foldDirectly(given: Condition, of: Values): Kleene {
  if ("all" in given) return all(given.all, (inner) => foldDirectly(inner, of));
  if ("any" in given) return any(given.any, (inner) => foldDirectly(inner, of));
  if ("not" in given) return not(foldDirectly(given.not, of));
  return of[given.path as keyof Values];
}

/** Every assignment of true and false to what is unknown. */
function listWorlds(given: Values): Values[] {
  return NAMES.reduce<Values[]>((worlds, name) => worlds.flatMap((world) => (world[name] === "unknown" ? [{ ...world, [name]: true }, { ...world, [name]: false }] : [world])), [given]);
}

describe("a condition", () => {
  it("is folded as Kleene's logic folds its tree", () => {
    fc.assert(fc.property(top, values, (given, of) => {
      const answer = compileCondition(given)(toFacts(of));
      expect(answer.value).toBe(foldDirectly(given, of));
    }), { numRuns: 300 });
  });

  it("never claims what one way of turning out contradicts", () => {
    fc.assert(fc.property(top, values, (given, of) => {
      const { value } = compileCondition(given)(toFacts(of));
      const outcomes = new Set(listWorlds(of).map((world) => foldDirectly(given, world)));
      if (value !== "unknown") expect([...outcomes]).toEqual([value]);
    }), { numRuns: 300 });
  });

  it("is known where nothing is unknown", () => {
    fc.assert(fc.property(top, fc.record({ a: fc.boolean(), b: fc.boolean(), c: fc.boolean(), d: fc.boolean() }), (given, of) => {
      expect(compileCondition(given)(toFacts(of)).value).not.toBe("unknown");
    }), { numRuns: 100 });
  });

  it("names the leaves that decided, and those alone decide the same", () => {
    fc.assert(fc.property(top, values, (given, of) => {
      const { value, deciding } = compileCondition(given)(toFacts(of));
      expect(deciding.length).toBeGreaterThan(0);
      const kept = new Set(deciding.map((one) => one.path));
      // What did not decide may turn out either way.
      if (value === "unknown") return;
      const blurred = Object.fromEntries(NAMES.map((name) => [name, kept.has(name) ? of[name] : "unknown"])) as unknown as Values;
      expect(foldDirectly(given, blurred)).toBe(value);
    }), { numRuns: 200 });
  });
});

const TRUE: Condition = { fact: "container", path: "yes", operator: "equal", value: true };
const FALSE: Condition = { fact: "container", path: "no", operator: "equal", value: true };
const UNKNOWN: Condition = { fact: "container", path: "maybe", operator: "equal", value: true };
const FACTS: Facts = { container: { value: { yes: true, no: false, maybe: true, limit: 5, size: 7, list: ["x", "y"] }, at: "", unknown: { "/maybe": "denied" } } };

function answer(given: TopCondition, facts: Facts = FACTS) {
  const { value, deciding } = compileCondition(given)(facts);
  return { value, deciding: deciding.map(({ path, expected, read, value: own }) => ({ path, expected, actual: read.value, unknown: read.unknown, value: own })) };
}

describe("the leaves that decide", () => {
  it("are the true ones of an any", () => {
    expect(answer({ any: [FALSE, TRUE, UNKNOWN] })).toEqual({
      value: true,
      deciding: [{ path: "yes", expected: true, actual: true, unknown: null, value: true }],
    });
  });

  it("are the false ones of an all, below a not too", () => {
    expect(answer({ not: { all: [TRUE, FALSE, UNKNOWN] } })).toEqual({
      value: true,
      deciding: [{ path: "no", expected: true, actual: false, unknown: null, value: false }],
    });
  });

  it("are the unknown ones with their reason, without the placeholder value", () => {
    expect(answer({ all: [TRUE, UNKNOWN] })).toEqual({
      value: "unknown",
      deciding: [{ path: "maybe", expected: true, actual: null, unknown: "denied", value: "unknown" }],
    });
  });
});

describe("the right side", () => {
  const compare = (value: { fact: string; path: string }): TopCondition => ({ all: [{ fact: "container", path: "size", operator: "greaterThan", value }] });

  it("may be another value of the resource", () => {
    expect(answer(compare({ fact: "container", path: "limit" }))).toEqual({
      value: true,
      deciding: [{ path: "size", expected: 5, actual: 7, unknown: null, value: true }],
    });
  });

  it("may be a parameter", () => {
    const facts = { ...FACTS, parameters: { value: { most: 9 }, at: "", unknown: {} } };
    expect(answer(compare({ fact: "parameters", path: "most" }), facts).value).toBe(false);
  });

  it("makes the answer unknown where it is itself unknown, with its own reason", () => {
    const facts: Facts = { container: { value: { size: 7, limit: 0 }, at: "", unknown: { "/limit": "no permission" } } };
    expect(answer(compare({ fact: "container", path: "limit" }), facts)).toEqual({
      value: "unknown",
      deciding: [{ path: "size", expected: null, actual: 7, unknown: "no permission", value: "unknown" }],
    });
  });

  it("makes the answer unknown where a part of it is unknown", () => {
    const facts: Facts = { container: { value: { size: "z", list: ["x", "?"] }, at: "", unknown: { "/list/1": "not resolved" } } };
    const given: TopCondition = { all: [{ fact: "container", path: "size", operator: "in", value: { fact: "container", path: "list" } }] };
    expect(answer(given, facts).value).toBe("unknown");
  });

  it.each([[[], false], [undefined, false], [["/x"], "unknown"]])("matters not where there is nothing to compare: %j", (paths, expected) => {
    const facts: Facts = { element: { value: { paths }, at: "", unknown: {} }, container: { value: { sockets: [] }, at: "", unknown: { "/sockets": "not read" } } };
    const given: TopCondition = { all: [{ fact: "element", path: "paths", operator: "anyPathAbove", value: { fact: "container", path: "sockets" } }] };
    expect(answer(given, facts)).toEqual({
      value: expected,
      deciding: [{ path: "paths", expected: null, actual: paths, unknown: expected === "unknown" ? "not read" : null, value: expected }],
    });
  });
});

describe("an evaluator", () => {
  it("reads the fact itself where there is no path", () => {
    const given: TopCondition = { all: [{ fact: "element", operator: "equal", value: "ALL" }] };
    expect(answer(given, { element: { value: "ALL", at: "/add/0", unknown: {} } }).value).toBe(true);
    expect(answer(given, { element: { value: "ALL", at: "/add/0", unknown: { "/add": "denied" } } }).value).toBe("unknown");
  });

  it("goes on after an input that lacked a fact", () => {
    const evaluate = compileCondition({ all: [TRUE] });
    expect(() => evaluate({})).toThrow("container");
    expect(evaluate(FACTS).value).toBe(true);
  });
});
