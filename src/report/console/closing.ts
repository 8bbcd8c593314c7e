/** The last lines: what it comes to, and what to do next. */
import type { Report } from "../../policy/model/report.ts";
import { WORST_FIRST } from "../severity.ts";
import { foldText } from "./fold.ts";
import type { Fault } from "./followers.ts";
import type { Paint } from "./paint.ts";
import { count } from "./words.ts";

export function printSummary({ summary }: Report, paint: Paint, width: number): string[] {
  const severities = WORST_FIRST.filter((severity) => summary.bySeverity[severity] > 0).map((severity) => `${summary.bySeverity[severity]} ${severity}`);
  const fails = summary.fail === 0 ? "no fails" : `${count(summary.fail, "fail")} (${severities.join(", ")})`;
  const passes = `${summary.pass} ${summary.pass === 1 ? "pass" : "passes"}`;
  const text = [fails, passes, `${summary.unknown} unknown`, `${summary.notApplicable} not applicable`, `${summary.waived} waived`].join(", ");
  const mood = summary.fail > 0 ? paint.strong : summary.unknown > 0 ? paint.doubt : paint.good;
  return foldText(text, width).map(mood);
}

/** One line; none if there is nothing to do. `faults` are sorted, worst first. */
export function printNext(report: Report, faults: readonly Fault[], width: number): string[] {
  if (faults.length === 0) return report.sources.some(({ status }) => status === "denied") ? foldText(AS_ROOT, width) : [];
  const plan = report.target.kind === "host" && faults.some(({ result }) => PLANNED.has(result.remediation?.type ?? "manual"));
  const explain = faults.find(({ result }) => result.resource.kind !== "waiver");
  const commands = [...(plan ? ["harden scan --plan DIR"] : []), ...(explain === undefined ? [] : [`harden policy explain ${explain.result.policy}`])];
  return commands.length === 0 ? [] : foldText(commands.join(", "), width, "Next: ", "      ");
}

const AS_ROOT = "Next: run harden as root, which may read what was denied";

/** What a plan writes as files; the rest is advice in it. */
const PLANNED = new Set(["sysctl", "firewall", "daemon"]);
