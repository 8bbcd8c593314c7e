/** A policy made ready to judge: its conditions compiled once and its parameters resolved. */
import { compileCondition, type Answer, type Evaluator, type Facts } from "./condition.ts";
import { fillRemediation } from "./fill-remediation.ts";
import type { Policy, Severity } from "./model/policy.ts";
import type { View } from "./view.ts";

/** Whether one resource, or one element of it, is at fault, and how bad that would be. */
export interface Judgement {
  readonly fail: Answer;
  readonly severity: Severity;
}

/** The questions that a policy asks of a resource. The facts given are the resource, its element if there is one, and the parameters. */
export interface CompiledPolicy {
  readonly policy: Policy;
  readonly parameters: View;
  /** Whether the policy applies to a resource at all; null if it has no `when`. */
  readonly applies: (facts: Facts) => Answer | null;
  /** Judges one resource, or one element of it. */
  readonly judge: (facts: Facts) => Judgement;
}

/** Compiles a policy with the parameter values in force; what `overrides` does not name keeps its default. */
export function compilePolicy(policy: Policy, overrides: Readonly<Record<string, unknown>> = {}): CompiledPolicy {
  const defaults = Object.entries(policy.parameters ?? {}).map(([name, { default: value }]) => [name, value] as const);
  const values: Readonly<Record<string, unknown>> = { ...Object.fromEntries(defaults), ...overrides };
  const parameters: View = { value: values, at: "", unknown: {} };
  const when = policy.when === undefined ? null : compileCondition(policy.when);
  return {
    policy: { ...policy, remediation: fillRemediation(policy.remediation, values) },
    parameters,
    applies: (facts) => when?.(facts) ?? null,
    judge: compileJudge(policy),
  };
}

const RANK: Readonly<Record<Severity, number>> = { low: 0, medium: 1, high: 2, critical: 3 };

function worseSeverity(a: Severity, b: Severity): Severity {
  return RANK[a] >= RANK[b] ? a : b;
}

export function compareSeverity(a: Severity, b: Severity): number {
  return RANK[a] - RANK[b];
}

function compileJudge(policy: Policy): (facts: Facts) => Judgement {
  const fail = compileCondition(policy.fail);
  const escalate = (policy.escalate ?? []).map((step) => ({ severity: step.severity, met: compileCondition(step.when) }));
  return (facts) => {
    const answer = fail(facts);
    const severity = answer.value === false ? policy.severity : escalateSeverity(policy.severity, escalate, facts);
    return { fail: answer, severity };
  };
}

/** The first step that is met decides; a step that is unknown on the way counts with its severity if that is worse. */
function escalateSeverity(
  base: Severity,
  steps: readonly { severity: Severity; met: Evaluator }[],
  facts: Facts,
): Severity {
  const possible: Severity[] = [];
  for (const { severity, met } of steps) {
    const { value } = met(facts);
    if (value === true) return possible.reduce(worseSeverity, severity);
    if (value === "unknown") possible.push(severity);
  }
  return possible.reduce(worseSeverity, base);
}
