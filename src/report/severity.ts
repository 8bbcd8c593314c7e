/** The order in which reports list severities. */
import type { Severity } from "../policy/model/policy.ts";

export const WORST_FIRST = ["critical", "high", "medium", "low"] as const satisfies readonly Severity[];

/** For sorting, worst first. */
export function compareWorst(a: Severity, b: Severity): number {
  return WORST_FIRST.indexOf(a) - WORST_FIRST.indexOf(b);
}
