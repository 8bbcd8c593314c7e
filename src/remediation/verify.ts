/** What became of the findings that a plan claimed to close. */
import type { Report } from "../policy/model/report.ts";
import type { Finding, Plan } from "./model.ts";

export interface OpenFinding {
  readonly finding: Finding;
  readonly message: string;
}

export interface Verification {
  readonly closed: readonly Finding[];
  readonly open: readonly OpenFinding[];
}

/** `after`: of a scan by the same policies. A result that is no longer there is closed; one that cannot be told is still open. */
export function verifyPlan({ steps }: Plan, after: Report): Verification {
  const claimed = [...new Map(steps.flatMap(({ findings }) => findings).map((finding) => [finding.fingerprint, finding])).values()];
  const failing = after.results.filter(({ status, waiver }) => waiver === null && (status === "fail" || status === "unknown"));
  const messages = new Map(failing.map(({ fingerprint, message }) => [fingerprint, message]));
  // A source that could not be read leaves one result of the policy, which names no resource.
  const unread = new Map(failing.filter(({ resource }) => resource.id === null).map(({ policy, message }) => [policy, message]));
  const findOpen = ({ fingerprint, policy }: Finding): string | undefined => messages.get(fingerprint) ?? unread.get(policy);
  return {
    closed: claimed.filter((finding) => findOpen(finding) === undefined),
    open: claimed.flatMap((finding) => {
      const message = findOpen(finding);
      return message === undefined ? [] : [{ finding, message }];
    }),
  };
}
