/** A policy made ready to judge: its conditions compiled once, its parameters resolved, and what it reads listed. */
import { compileCondition, type Answer, type Evaluator, type Facts } from "./condition.ts";
import { fillRemediation } from "./fill-remediation.ts";
import type { Condition, Leaf, Policy, Severity, TopCondition } from "./model/policy.ts";
import { read, type View } from "./view.ts";

/** Whether one resource, or one element of it, is at fault, and how bad that would be. */
export interface Judgement {
  readonly fail: Answer;
  readonly severity: Severity;
}

/** Both questions are asked of the engine once for equal inputs. */
export interface CompiledPolicy {
  readonly policy: Policy;
  readonly parameters: View;
  /** Whether the policy applies to a resource at all; null if it has no `when`. */
  readonly applies: (facts: Facts) => Promise<Answer | null>;
  /** Judges one resource, or one element of it. */
  readonly judge: (facts: Facts) => Promise<Judgement>;
}

/** Compiles a policy with the parameter values in force; what `overrides` does not name keeps its default. */
export function compilePolicy(policy: Policy, overrides: Readonly<Record<string, unknown>> = {}): CompiledPolicy {
  const defaults = Object.entries(policy.parameters ?? {}).map(([name, { default: value }]) => [name, value] as const);
  const values: Readonly<Record<string, unknown>> = { ...Object.fromEntries(defaults), ...overrides };
  const parameters: View = { value: values, at: "", unknown: {} };
  const judge = rememberByInput([policy.fail, ...(policy.escalate ?? []).map((step) => step.when)], compileJudge(policy));
  const when = policy.when === undefined ? null : rememberByInput([policy.when], compileCondition(policy.when));
  return {
    policy: { ...policy, remediation: fillRemediation(policy.remediation, values) },
    parameters,
    applies: async (facts) => (when === null ? null : when({ ...facts, parameters })),
    judge: (facts) => judge({ ...facts, parameters }),
  };
}

const RANK: Readonly<Record<Severity, number>> = { low: 0, medium: 1, high: 2, critical: 3 };

export function worseSeverity(a: Severity, b: Severity): Severity {
  return RANK[a] >= RANK[b] ? a : b;
}

export function compareSeverity(a: Severity, b: Severity): number {
  return RANK[a] - RANK[b];
}

/** Evaluates what some conditions can see once, however many resources look the same to them. */
function rememberByInput<T>(conditions: readonly TopCondition[], evaluate: (facts: Facts) => Promise<T>): (facts: Facts) => Promise<T> {
  const reads = listReads(conditions);
  const memo = new Map<string, Promise<T>>();
  return (facts) => {
    const key = inputKey(reads, facts);
    const known = memo.get(key);
    if (known !== undefined) return known;
    const answer = evaluate(facts);
    memo.set(key, answer);
    return answer;
  };
}

function compileJudge(policy: Policy): (facts: Facts) => Promise<Judgement> {
  const fail = compileCondition(policy.fail);
  const escalate = (policy.escalate ?? []).map((step) => ({ severity: step.severity, met: compileCondition(step.when) }));
  return async (facts) => {
    const answer = await fail(facts);
    const severity = answer.value === false ? policy.severity : await escalateSeverity(policy.severity, escalate, facts);
    return { fail: answer, severity };
  };
}

/** The first step that is met decides; a step that is unknown on the way counts with its severity if that is worse. */
async function escalateSeverity(
  base: Severity,
  steps: readonly { severity: Severity; met: Evaluator }[],
  facts: Facts,
): Promise<Severity> {
  const possible: Severity[] = [];
  for (const { severity, met } of steps) {
    const { value } = await met(facts);
    if (value === true) return possible.reduce(worseSeverity, severity);
    if (value === "unknown") possible.push(severity);
  }
  return possible.reduce(worseSeverity, base);
}

function listReads(conditions: readonly TopCondition[]): { fact: string; path: string | undefined }[] {
  const reads = new Map<string, { fact: string; path: string | undefined }>();
  for (const { fact, path } of conditions.flatMap(listLeaves).flatMap(listLeafReads)) {
    if (fact !== "parameters") reads.set(`${fact}.${path ?? ""}`, { fact, path });
  }
  return [...reads.values()];
}

/** The facts that a leaf reads: its left side, and its right side where that is a reference. */
export function listLeafReads({ fact, path, value }: Leaf): { fact: string; path: string | undefined }[] {
  const left = { fact, path };
  return typeof value === "object" && value !== null && !Array.isArray(value) ? [left, value] : [left];
}

/** All leaves of a condition, in the order in which they stand. */
export function listLeaves(condition: Condition): Leaf[] {
  if ("all" in condition) return condition.all.flatMap(listLeaves);
  if ("any" in condition) return condition.any.flatMap(listLeaves);
  if ("not" in condition) return listLeaves(condition.not);
  return [condition];
}

/** Everything that the conditions can see, as one string: equal keys have equal answers. */
function inputKey(reads: readonly { fact: string; path: string | undefined }[], facts: Facts): string {
  const values = reads.map(({ fact, path }) => {
    const view = facts[fact];
    if (view === undefined) throw new Error(`no fact ${fact} was given`);
    const { value, unknown, unknownParts } = read(view, path);
    return unknown === null ? [value ?? null, unknownParts] : { unknown };
  });
  return JSON.stringify(values);
}
