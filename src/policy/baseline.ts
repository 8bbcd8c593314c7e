/** Compares a report with an earlier one, so that a project with old findings fails on new ones only. */
import type { Fixed, Report, Result } from "./model/report.ts";

/** What the comparison needs of an earlier result. */
export type BaselineResult = Pick<Result, "policy" | "status" | "severity" | "title" | "resource" | "element" | "fingerprint" | "waiver">;

/** The same report with `baselineState` on every fail and unknown, and the list `fixed`. */
export function compareWithBaseline(report: Report, baseline: readonly BaselineResult[]): Report {
  const known = new Map<string, BaselineResult[]>();
  for (const result of baseline.filter(isOpen)) known.set(result.fingerprint, [...(known.get(result.fingerprint) ?? []), result]);
  return {
    ...report,
    results: report.results.map((result) => {
      if (!isOpen(result)) return result;
      const isKnown = (known.get(result.fingerprint) ?? []).some((earlier) => contains(earlier, result));
      return { ...result, baselineState: isKnown ? "unchanged" : "new" };
    }),
    fixed: listFixed(report.results, baseline),
  };
}

function isOpen({ status }: Pick<Result, "status">): boolean {
  return status === "fail" || status === "unknown";
}

/**
 * A fault that was only suspected, or that a waiver has ceased to cover, was never accepted by way of the baseline: it is new. A known
 * fault that cannot be judged any more is no worse than it was.
 */
function contains(earlier: BaselineResult, now: Result): boolean {
  return (earlier.status === "fail" || now.status === "unknown") && (earlier.waiver === null || now.waiver !== null);
}

/** What is now unknown, or whose policy was not judged this time, is not known to be fixed. */
function listFixed(results: readonly Result[], baseline: readonly BaselineResult[]): Fixed[] {
  const open = new Set(results.filter(isOpen).map(({ fingerprint }) => fingerprint));
  const judged = new Set(results.map(({ policy }) => policy));
  const unseen = new Set(results.filter(({ status, resource }) => status === "unknown" && resource.id === null).map(({ policy }) => policy));
  const gone = baseline.filter(({ policy, status, waiver, fingerprint, resource }) =>
    status === "fail" && waiver === null && !open.has(fingerprint) && (judged.has(policy) || resource.kind === "waiver") && !unseen.has(policy));
  return gone.map(({ policy, resource: { kind, id, name }, element, fingerprint, title }) => ({ policy, resource: { kind, id, name }, element, fingerprint, title }));
}
