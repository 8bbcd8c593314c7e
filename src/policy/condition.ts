/**
 * Evaluates conditions with json-rules-engine and folds the tree that it returns into three values.
 *
 * json-rules-engine knows true and false only. It evaluates and reports every leaf (all have one priority), so the leaves' own
 * three-valued answers are folded here by Kleene's rules over the same tree.
 */
import { Engine } from "json-rules-engine";
import { all, any, not, type Kleene } from "./kleene.ts";
import type { TopCondition } from "./model/policy.ts";
import { applyOperator, OPERATOR_NAMES, type OperatorName } from "./operators.ts";
import { read, type Read, type View } from "./view.ts";

/** One leaf of a condition with its answer. */
export interface LeafAnswer {
  readonly fact: string;
  readonly path: string | undefined;
  readonly operator: OperatorName;
  readonly expected: unknown;
  readonly read: Read;
  readonly value: Kleene;
}

export interface Answer {
  readonly value: Kleene;
  /** The leaves that decided: those that make a true answer true, a false one false, an unknown one unknown. */
  readonly deciding: readonly LeafAnswer[];
}

export type Facts = Readonly<Record<string, View>>;
export type Evaluator = (facts: Facts) => Promise<Answer>;

/** Compiles a condition once; the evaluator may be called any number of times, also before it has answered. */
export function compileCondition(condition: TopCondition): Evaluator {
  const engine = new Engine([{ conditions: condition, event: { type: "met" } }], {
    pathResolver: (view, path) => read(view as unknown as View, path),
  });
  for (const name of OPERATOR_NAMES) {
    engine.addOperator(name, (actual: View | Read, expected: unknown) => compare(name, toRead(actual), expected) === true);
  }
  const evaluate: Evaluator = async (facts) => {
    const { results, failureResults } = await engine.run({ ...facts });
    const [result] = [...results, ...failureResults];
    if (result === undefined) throw new Error("json-rules-engine returned no result for a condition");
    return fold(result.conditions as unknown as Node);
  };
  return oneAtATime(evaluate);
}

/** An engine that ends one run while another begins drops the latter's rules: it has a single state for all its runs. */
function oneAtATime(evaluate: Evaluator): Evaluator {
  let last: Promise<unknown> = Promise.resolve();
  return (facts) => {
    const answer = last.then(() => evaluate(facts));
    last = answer.catch(() => undefined);
    return answer;
  };
}

/** A node of the tree that json-rules-engine returns. */
interface Node {
  readonly all?: readonly Node[];
  readonly any?: readonly Node[];
  readonly not?: Node;
  readonly fact?: string;
  readonly path?: string;
  readonly operator: string;
  readonly factResult?: View | Read;
  readonly valueResult?: unknown;
}

function fold(node: Node): Answer {
  if (node.not !== undefined) {
    const inner = fold(node.not);
    return { value: not(inner.value), deciding: inner.deciding };
  }
  const children = (node.all ?? node.any)?.map(fold);
  if (children === undefined) return answerLeaf(node);
  const values = children.map((child) => child.value);
  const value = node.all === undefined ? any(values) : all(values);
  return { value, deciding: children.filter((child) => child.value === value).flatMap((child) => child.deciding) };
}

function answerLeaf(node: Node): Answer {
  if (node.factResult === undefined) throw new Error(`the condition reads the fact ${String(node.fact)}, which was not given`);
  const actual = toRead(node.factResult);
  const operator = node.operator as OperatorName;
  const value = compare(operator, actual, node.valueResult);
  const expected = isRead(node.valueResult) ? node.valueResult.value : node.valueResult;
  return { value, deciding: [{ fact: node.fact ?? "", path: node.path, operator, expected, read: whyUnknown(actual, node.valueResult), value }] };
}

/** A fact without a path arrives as the view itself. */
function toRead(value: View | Read): Read {
  return "unknownParts" in value ? value : read(value, undefined);
}

/** The right side is a constant, or what was read of a parameter or of another value of the resource. */
function compare(name: OperatorName, actual: Read, expected: unknown): Kleene {
  if (!isRead(expected)) return applyOperator(name, actual, expected);
  if (isPartlyUnknown(expected)) return "unknown";
  return applyOperator(name, actual, expected.value);
}

/** The reason shown is that of the right side where the left one is known. */
function whyUnknown(actual: Read, expected: unknown): Read {
  if (actual.unknown !== null || !isRead(expected) || !isPartlyUnknown(expected)) return actual;
  return { ...actual, unknown: expected.unknown ?? Object.values(expected.unknownParts)[0] ?? null };
}

function isPartlyUnknown(value: Read): boolean {
  return value.unknown !== null || Object.keys(value.unknownParts).length > 0;
}

function isRead(value: unknown): value is Read {
  return typeof value === "object" && value !== null && "unknownParts" in value;
}
