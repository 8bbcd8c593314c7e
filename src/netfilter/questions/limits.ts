/** Which limits keep connection attempts in bounds. */
import type { Limit } from "../firewall/tests.ts";
import type { Rule } from "../firewall/model.ts";
import type { Walk } from "../walk/walk.ts";

export interface EffectiveLimit {
  readonly limit: Limit;
  readonly rule: Rule;
}

/**
 * Of a walk without a scenario: limits of that measure on which the packet's fate hangs. What passes while the limit is kept, and does not once it
 * is exceeded, is limited by it; a limit behind which the packet passes either way is none.
 */
export function findLimits({ verdict, questions, limits }: Walk, measure: Limit["measure"]): EffectiveLimit[] {
  if (verdict !== "depends") return [];
  const asking = new Set(questions.flatMap(({ rule, cause }) => (rule === null || cause !== "history" ? [] : [rule])));
  const found = new Map<Rule, EffectiveLimit>();
  for (const { rule, test } of limits) if (asking.has(rule) && test.limit.measure === measure) found.set(rule, { limit: test.limit, rule });
  return [...found.values()];
}

/** Packets a second; null where it is none of packets in time. */
export function ratePerSecond({ measure, amount, unit, perSeconds }: Limit): number | null {
  return measure === "rate" && unit === "packets" && amount !== null && perSeconds !== null && perSeconds > 0 ? amount / perSeconds : null;
}
