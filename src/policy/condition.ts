/**
 * Evaluates conditions: the language of json-rules-engine over three values.
 *
 * json-rules-engine knows true and false only, evaluates each leaf in a promise of its own, and takes five milliseconds to load. What a
 * condition of known values comes to is the same here as there: a property test holds them against each other.
 */
import { all, any, not, type Kleene } from "./kleene.ts";
import type { Condition, Leaf } from "./model/policy.ts";
import { applyOperator, decidingElement, hasNothingToFind, type OperatorName } from "./operators.ts";
import { read, type Read, type View } from "./view.ts";

/** One leaf of a condition with its answer. */
export interface LeafAnswer {
  readonly fact: string;
  readonly path: string | undefined;
  readonly operator: OperatorName;
  readonly expected: unknown;
  readonly read: Read;
  /** Of a list that was searched, the index of the element that decided; null where there is none. */
  readonly element: number | null;
  readonly value: Kleene;
}

export interface Answer {
  readonly value: Kleene;
  /** The leaves that decided: those that make a true answer true, a false one false, an unknown one unknown. */
  readonly deciding: readonly LeafAnswer[];
}

export type Facts = Readonly<Record<string, View>>;
/** Throws if a fact that the condition reads is not given. */
export type Evaluator = (facts: Facts) => Answer;

/** Compiles a condition once, for any number of inputs. */
export function compileCondition(condition: Condition): Evaluator {
  const node = compileNode(condition);
  return (facts) => new LazyAnswer(node, facts);
}

/** Most answers are passes, of which nobody asks why. */
class LazyAnswer implements Answer {
  readonly value: Kleene;
  readonly #node: Node;
  readonly #facts: Facts;

  constructor(node: Node, facts: Facts) {
    this.value = node.decide(facts);
    this.#node = node;
    this.#facts = facts;
  }

  get deciding(): readonly LeafAnswer[] {
    return this.#node.explain(this.#facts);
  }
}

interface Node {
  readonly decide: (facts: Facts) => Kleene;
  readonly explain: (facts: Facts) => readonly LeafAnswer[];
}

function compileNode(condition: Condition): Node {
  if ("all" in condition) return compileList(condition.all, all);
  if ("any" in condition) return compileList(condition.any, any);
  if ("not" in condition) return compileNot(condition.not);
  return compileLeaf(condition);
}

/** All that decided are told, also where the first would have been enough. */
function compileList(conditions: readonly Condition[], fold: (nodes: readonly Node[], valueOf: (node: Node) => Kleene) => Kleene): Node {
  const children = conditions.map(compileNode);
  const decide: Node["decide"] = (facts) => fold(children, (child) => child.decide(facts));
  return {
    decide,
    explain: (facts) => {
      const value = decide(facts);
      return children.flatMap((child) => (child.decide(facts) === value ? child.explain(facts) : []));
    },
  };
}

function compileNot(condition: Condition): Node {
  const { decide, explain } = compileNode(condition);
  return { decide: (facts) => not(decide(facts)), explain };
}

function compileLeaf({ fact, path, operator, value: wanted }: Leaf): Node {
  const expect = compileRight(wanted);
  const answer = (actual: Read, { value, reason }: Expected): Kleene =>
    reason === null || hasNothingToFind(operator, actual) ? applyOperator(operator, actual, value) : "unknown";
  return {
    decide: (facts) => answer(readFact(facts, fact, path), expect(facts)),
    explain: (facts) => {
      const actual = readFact(facts, fact, path);
      const right = expect(facts);
      const value = answer(actual, right);
      // The reason shown is that of the right side where the left one is known.
      const shown = value === "unknown" && actual.unknown === null && right.reason !== null ? { ...actual, unknown: right.reason } : actual;
      return [{ fact, path, operator, expected: right.value, read: shown, element: decidingElement(operator, actual, right.value), value }];
    },
  };
}

/** The right side of a leaf, and why it is not wholly known. */
interface Expected {
  readonly value: unknown;
  readonly reason: string | null;
}

/** It is a constant, or what is read of a parameter or of another value of the resource. */
function compileRight(right: Leaf["value"]): (facts: Facts) => Expected {
  if (typeof right === "object" && right !== null && !Array.isArray(right)) {
    return (facts) => {
      const read = readFact(facts, right.fact, right.path);
      return { value: read.value, reason: whyPartlyUnknown(read) };
    };
  }
  const constant = { value: right, reason: null };
  return () => constant;
}

function readFact(facts: Facts, fact: string, path: string | undefined): Read {
  const view = facts[fact];
  if (view === undefined) throw new Error(`the condition reads the fact ${fact}, which was not given`);
  return read(view, path);
}

function whyPartlyUnknown({ unknown, unknownParts }: Read): string | null {
  if (unknown !== null) return unknown;
  for (const key in unknownParts) return unknownParts[key] ?? null;
  return null;
}
