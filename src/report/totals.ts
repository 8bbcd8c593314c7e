/** What a report comes to, in one line. */
import type { Report } from "../policy/model/report.ts";
import { isKnown, listOpen } from "./open.ts";
import { WORST_FIRST } from "./severity.ts";

/** `2 fails (1 critical, 1 low), 1 pass, 0 unknown, 0 not applicable, 0 waived`; before it, where there is a baseline, `1 new, 1 unchanged, 0 fixed`. */
export function describeTotals(report: Report): string {
  const { summary } = report;
  const severities = WORST_FIRST.filter((severity) => summary.bySeverity[severity] > 0).map((severity) => `${summary.bySeverity[severity]} ${severity}`);
  const fails = summary.fail === 0 ? "no fails" : `${summary.fail} ${summary.fail === 1 ? "fail" : "fails"} (${severities.join(", ")})`;
  const passes = `${summary.pass} ${summary.pass === 1 ? "pass" : "passes"}`;
  return [describeChange(report), [fails, passes, `${summary.unknown} unknown`, `${summary.notApplicable} not applicable`, `${summary.waived} waived`].join(", ")]
    .filter((part) => part !== null).join(" · ");
}

/** Of what is open. Null without a baseline. */
function describeChange(report: Report): string | null {
  if (report.fixed === undefined) return null;
  const open = listOpen(report);
  const known = open.filter(isKnown).length;
  return `${open.length - known} new, ${known} unchanged, ${report.fixed.length} fixed`;
}
