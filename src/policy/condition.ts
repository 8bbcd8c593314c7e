/**
 * Evaluates conditions: the language of json-rules-engine over three values.
 *
 * json-rules-engine knows true and false only, evaluates each leaf in a promise of its own, and takes five milliseconds to load. What a
 * condition of known values comes to is the same here as there: a property test holds them against each other.
 */
import { all, any, not, type Kleene } from "./kleene.ts";
import type { Condition, Leaf } from "./model/policy.ts";
import { applyOperator, decidingElement, type OperatorName } from "./operators.ts";
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
  if ("all" in condition) return compileList(condition.all, all);
  if ("any" in condition) return compileList(condition.any, any);
  if ("not" in condition) return compileNot(condition.not);
  return compileLeaf(condition);
}

/** Every child is evaluated, also where the first ones decide: all that decided are told. */
function compileList(conditions: readonly Condition[], fold: (values: readonly Kleene[]) => Kleene): Evaluator {
  const children = conditions.map(compileCondition);
  return (facts) => {
    const answers = children.map((child) => child(facts));
    const value = fold(answers.map((answer) => answer.value));
    return { value, deciding: answers.flatMap((answer) => (answer.value === value ? answer.deciding : [])) };
  };
}

function compileNot(condition: Condition): Evaluator {
  const inner = compileCondition(condition);
  return (facts) => {
    const { value, deciding } = inner(facts);
    return { value: not(value), deciding };
  };
}

/** The right side is a constant, or what is read of a parameter or of another value of the resource. */
function compileLeaf({ fact, path, operator, value: right }: Leaf): Evaluator {
  const reference = typeof right === "object" && right !== null && !Array.isArray(right) ? right : null;
  return (facts) => {
    const actual = readFact(facts, fact, path);
    const other = reference === null ? null : readFact(facts, reference.fact, reference.path);
    const expected = other === null ? right : other.value;
    const reason = other === null ? null : whyPartlyUnknown(other);
    const value = reason === null ? applyOperator(operator, actual, expected) : "unknown";
    // The reason shown is that of the right side where the left one is known.
    const shown = actual.unknown === null && reason !== null ? { ...actual, unknown: reason } : actual;
    const element = decidingElement(operator, actual, expected);
    return { value, deciding: [{ fact, path, operator, expected, read: shown, element, value }] };
  };
}

function readFact(facts: Facts, fact: string, path: string | undefined): Read {
  const view = facts[fact];
  if (view === undefined) throw new Error(`the condition reads the fact ${fact}, which was not given`);
  return read(view, path);
}

function whyPartlyUnknown({ unknown, unknownParts }: Read): string | null {
  return unknown ?? Object.values(unknownParts)[0] ?? null;
}
