/** What could not be decided, one entry a reason: two hundred checks that lack one answer are a few lines. */
import type { Result } from "../../policy/model/report.ts";
import { compareWorst } from "../severity.ts";
import { foldText } from "./fold.ts";
import type { Paint } from "./paint.ts";
import { labelOf } from "../told.ts";
import { count } from "../../text.ts";
import { shorten } from "./words.ts";

/** Lines of all unknowns; none if there are none. The names of policies and resources are cut short: the JSON report has them all. */
export function printUnknowns(unknowns: readonly Result[], paint: Paint, width: number): string[] {
  if (unknowns.length === 0) return [];
  return [
    paint.doubt(`Could not be decided: ${count(unknowns.length, "check")}`),
    ...groupByReason(unknowns).flatMap(([reason, results]) => printReason(reason, results, paint, width)),
    "",
  ];
}

function groupByReason(unknowns: readonly Result[]): [reason: string, results: Result[]][] {
  const groups = new Map<string, Result[]>();
  for (const result of [...unknowns].sort((a, b) => compareWorst(a.severity, b.severity))) {
    const reason = reasonOf(result);
    const group = groups.get(reason);
    if (group === undefined) groups.set(reason, [result]);
    else group.push(result);
  }
  return [...groups].sort(([, a], [, b]) => compareGroups(a, b));
}

function compareGroups(a: readonly Result[], b: readonly Result[]): number {
  const [worstOfA, worstOfB] = [a[0], b[0]];
  return worstOfA === undefined || worstOfB === undefined ? 0 : compareWorst(worstOfA.severity, worstOfB.severity) || b.length - a.length;
}

/** The evidence's own words; a policy of which no resource could be seen has its reason in the message only. */
export function reasonOf({ evidence, message, title }: Result): string {
  const reasons = [...new Set(evidence.flatMap(({ unknown }) => unknown ?? []))];
  if (reasons.length > 0) return reasons.join("; ");
  const end = message.indexOf(`${title}: `);
  return end < 0 ? message : message.slice(end + title.length + 2);
}

function printReason(reason: string, results: readonly Result[], paint: Paint, width: number): string[] {
  const worst = results[0]?.severity ?? "low";
  const checks = results.length === 1 ? worst : `${results.length} checks, worst ${worst}`;
  const policies = [...new Set(results.map(({ policy }) => policy))];
  // Of a kind that could not be seen at all there is no resource to name, and the others would seem to be all.
  const resources = results.some(({ resource }) => resource.id === null) ? [] : [...new Set(results.map(labelWithProfile))];
  return [
    ...foldText(`${reason} (${checks})`, width, "  ? ", "    "),
    ...foldText(shorten(policies), width, "    ").map(paint.faint),
    ...(resources.length === 0 ? [] : foldText(`on ${shorten(resources)}`, width, "    ", "      ").map(paint.faint)),
  ];
}

/** Here no message says it. */
function labelWithProfile(result: Result): string {
  return result.profiles === undefined ? labelOf(result) : `${labelOf(result)} (profile ${result.profiles.join(" or ")})`;
}
