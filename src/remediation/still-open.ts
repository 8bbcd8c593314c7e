/** Whether a finding is still there. */
import type { Result } from "../policy/model/report.ts";
import type { Finding } from "./model.ts";

/**
 * Finds the result by which a finding is still open, among those of a later evaluation by the same policies; undefined where it is closed. What cannot be told is open: a
 * list that could not be seen leaves one unknown result that names no element, a source that could not be read one that names no resource.
 */
export function openFinder(results: readonly Result[]): (finding: Finding) => Result | undefined {
  const open = results.filter(({ status }) => status === "fail" || status === "unknown");
  const same = new Map(open.map((result) => [result.fingerprint, result]));
  const unseen = new Map(open.flatMap((result) => (result.status === "unknown" && result.element === null ? [[keyOf(result.policy, result.resource.id), result]] : [])));
  return ({ fingerprint, policy, resource }) => same.get(fingerprint) ?? unseen.get(keyOf(policy, resource.id)) ?? unseen.get(keyOf(policy, null));
}

function keyOf(policy: string, resource: string | null): string {
  return JSON.stringify([policy, resource]);
}
