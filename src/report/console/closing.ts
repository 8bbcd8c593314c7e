/** The last lines: what it comes to, and what to do next. */
import type { Report, Result } from "../../policy/model/report.ts";
import { describeTotals } from "../totals.ts";
import { foldText } from "./fold.ts";
import type { Fault } from "./followers.ts";
import type { Paint } from "./paint.ts";

/** `open` are the results that count: with a baseline only what is new. */
export function printSummary(report: Report, open: readonly Result[], paint: Paint, width: number): string[] {
  const has = (status: Result["status"]): boolean => open.some((result) => result.status === status);
  return foldText(describeTotals(report), width).map(has("fail") ? paint.strong : has("unknown") ? paint.doubt : paint.good);
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
