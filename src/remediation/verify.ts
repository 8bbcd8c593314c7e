/** What became of the findings that a plan claimed to close. */
import type { Report } from "../policy/model/report.ts";
import type { Finding, Plan } from "./model.ts";
import { openFinder } from "./still-open.ts";

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
  const findOpen = openFinder(after.results.filter(({ waiver }) => waiver === null));
  return {
    closed: claimed.filter((finding) => findOpen(finding) === undefined),
    open: claimed.flatMap((finding) => {
      const result = findOpen(finding);
      return result === undefined ? [] : [{ finding, message: result.message }];
    }),
  };
}
