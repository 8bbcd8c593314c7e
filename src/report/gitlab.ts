/** The format of GitLab's Code Quality report, which a merge request compares with that of its target branch. */
import type { Report, Result } from "../policy/model/report.ts";
import { printJson } from "./json.ts";
import { listOpen } from "./open.ts";
import type { RenderOptions } from "./options.ts";
import { describeFinding } from "./told.ts";
import { plainText } from "./words.ts";

/**
 * Every fail and unknown that no waiver covers: which of them are new GitLab finds out by their fingerprints.
 * https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 */
export function renderGitlab(report: Report, { file }: Pick<RenderOptions, "file">): string {
  const seen = new Map<string, number>();
  return printJson(listOpen(report).map((result) => {
    const count = (seen.get(result.fingerprint) ?? 0) + 1;
    seen.set(result.fingerprint, count);
    return describeIssue(result, count, file ?? "gl-code-quality-report.json");
  }));
}

const SEVERITIES = { critical: "blocker", high: "critical", medium: "major", low: "minor" } as const satisfies Record<Result["severity"], string>;

/** `ownFile` is the path of the report: where a finding stands that no file brings about. GitLab drops the second issue of one fingerprint. */
function describeIssue(result: Result, count: number, ownFile: string): object {
  const { status, severity, policy, fingerprint, location } = result;
  return {
    description: plainText(describeFinding(result)),
    check_name: plainText(policy),
    fingerprint: plainText(count === 1 ? fingerprint : `${fingerprint}-${count}`),
    severity: status === "unknown" ? "major" : SEVERITIES[severity],
    location: { path: plainText((location?.file ?? ownFile).replace(/^(?:\.\/)+/, "")), lines: { begin: location?.line ?? 1 } },
  };
}
