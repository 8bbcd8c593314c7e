/** The results that someone has to look at. */
import type { Report, Result } from "../policy/model/report.ts";
import { compareWorst } from "./severity.ts";

/** Fails and unknowns that no waiver covers: worst first, fails before unknowns; else in the order of the report (sort is stable). */
export function listOpen({ results }: Pick<Report, "results">): Result[] {
  return results.filter(isOpen).sort((a, b) => compareWorst(a.severity, b.severity) || Number(a.status === "unknown") - Number(b.status === "unknown"));
}

/** Whether an earlier report, if there is one to compare with, has it too. */
export function isKnown({ baselineState }: Result): boolean {
  return baselineState === "unchanged";
}

function isOpen({ status, waiver }: Result): boolean {
  return waiver === null && (status === "fail" || status === "unknown");
}
