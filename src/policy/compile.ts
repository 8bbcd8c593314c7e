/** A policy made ready to judge: its conditions compiled once, its parameters resolved, and what it reads listed. */
import { compileCondition, type Answer, type Evaluator, type Facts } from "./condition.ts";
import type { Condition, Leaf, Policy, Severity, TopCondition } from "./model/policy.ts";
import { read, type View } from "./view.ts";

/** Answers of one policy for one input. `when` is null where the policy has none. */
export interface Judgement {
  readonly when: Answer | null;
  readonly fail: Answer;
  readonly severity: Severity;
}

export interface CompiledPolicy {
  readonly policy: Policy;
  readonly parameters: View;
  /** Judges one resource, or one element of it. Equal inputs are judged once. */
  judge(facts: Facts): Promise<Judgement>;
}

/** Compiles a policy with the parameter values in force; what `overrides` does not name keeps its default. */
export function compilePolicy(policy: Policy, overrides: Readonly<Record<string, unknown>> = {}): CompiledPolicy {
  const defaults = Object.entries(policy.parameters ?? {}).map(([name, { default: value }]) => [name, value] as const);
  const parameters: View = { value: { ...Object.fromEntries(defaults), ...overrides }, at: "", unknown: {} };
  const evaluate = compileEvaluators(policy);
  const reads = listReads(policy);
  const memo = new Map<string, Promise<Judgement>>();
  return {
    policy,
    parameters,
    judge(facts) {
      const all = { ...facts, parameters };
      const key = inputKey(reads, all);
      let judgement = memo.get(key);
      if (judgement === undefined) {
        judgement = evaluate(all);
        memo.set(key, judgement);
      }
      return judgement;
    },
  };
}

const RANK: Readonly<Record<Severity, number>> = { low: 0, medium: 1, high: 2, critical: 3 };

export function worseSeverity(a: Severity, b: Severity): Severity {
  return RANK[a] >= RANK[b] ? a : b;
}

export function compareSeverity(a: Severity, b: Severity): number {
  return RANK[a] - RANK[b];
}

function compileEvaluators(policy: Policy): (facts: Facts) => Promise<Judgement> {
  const when = policy.when === undefined ? null : compileCondition(policy.when);
  const fail = compileCondition(policy.fail);
  const escalate = (policy.escalate ?? []).map((step) => ({ severity: step.severity, met: compileCondition(step.when) }));
  return async (facts) => {
    const whenAnswer = when === null ? null : await when(facts);
    const failAnswer = await fail(facts);
    const severity = failAnswer.value === false ? policy.severity : await escalateSeverity(policy.severity, escalate, facts);
    return { when: whenAnswer, fail: failAnswer, severity };
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

function listReads(policy: Policy): { fact: string; path: string | undefined }[] {
  const conditions: TopCondition[] = [policy.fail, ...(policy.escalate ?? []).map((step) => step.when)];
  if (policy.when !== undefined) conditions.push(policy.when);
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
