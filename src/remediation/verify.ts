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
  const failing = new Map(after.results.filter(({ status, waiver }) => waiver === null && (status === "fail" || status === "unknown"))
    .map(({ fingerprint, message }) => [fingerprint, message]));
  return {
    closed: claimed.filter(({ fingerprint }) => !failing.has(fingerprint)),
    open: claimed.flatMap((finding) => {
      const message = failing.get(finding.fingerprint);
      return message === undefined ? [] : [{ finding, message }];
    }),
  };
}
