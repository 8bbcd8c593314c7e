/** The faults, worst first, one heading a policy. */
import { compareText, count } from "../../text.ts";
import { listFindings, type Finding } from "./findings.ts";
import { compareWorst } from "../severity.ts";
import { foldText } from "./fold.ts";
import type { Fault } from "./followers.ts";
import type { Paint } from "./paint.ts";

/** Lines of all faults, in their order. A policy whose results differ in severity has a heading for each. */
export function printFaults(faults: readonly Fault[], paint: Paint, width: number): string[] {
  return groupByPolicy(faults).flatMap((group) => printPolicy(group, paint, width));
}

/** Worst first, then by policy; else as they came (sort is stable). */
export function sortFaults(faults: readonly Fault[]): Fault[] {
  return [...faults].sort(({ result: a }, { result: b }) => compareWorst(a.severity, b.severity) || compareText(a.policy, b.policy));
}

function groupByPolicy(faults: readonly Fault[]): Fault[][] {
  const groups = new Map<string, Fault[]>();
  for (const fault of faults) {
    const key = `${fault.result.severity} ${fault.result.policy}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [fault]);
    else group.push(fault);
  }
  return [...groups.values()];
}

function printPolicy(faults: readonly Fault[], paint: Paint, width: number): string[] {
  const [first] = faults;
  if (first === undefined) return [];
  const { severity, policy, title, remediation } = first.result;
  const badge = `${severity}[${policy}]`;
  const [head = "", ...rest] = foldText(`${badge} ${title}`, width, "", "  ");
  return [
    head.replace(badge, () => paint.severity(severity, badge)),
    ...rest,
    ...listFindings(faults).flatMap((finding) => printFinding(finding, paint, width)),
    ...(remediation === null ? [] : foldText(remediation.text, width, "  fix: ", "       ").map((line) => line.replace(/^ {2}fix:/, () => `  ${paint.good("fix:")}`))),
    "",
  ];
}

function printFinding({ message, label, origins, related, followers, others }: Finding, paint: Paint, width: number): string[] {
  const [first = "", ...rest] = foldText(message, width, "  ✗ ", "    ");
  const more = (text: string): string[] => foldText(text, width, "    ", "      ");
  return [
    label === "" ? first : first.replace(label, () => paint.strong(label)),
    ...rest,
    ...(origins.length === 0 ? [] : more(`at ${origins.join(", ")}`).map(paint.faint)),
    ...(related.length === 0 ? [] : more(`also at ${related.join(", ")}`).map(paint.faint)),
    ...(followers.length === 0 ? [] : more(`and ${count(followers.length, "more fail")} that follow from it: ${followers.join(", ")}`)),
    ...(others.length === 0 ? [] : more(`the same for ${others.length} more: ${others.join(", ")}`)),
  ];
}
