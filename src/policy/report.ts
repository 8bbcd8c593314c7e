/** Results into a report: order, counts. */
import type { Snapshot } from "../snapshot/model.ts";
import { compareText } from "../text.ts";
import type { Report, Result, Summary } from "./model/report.ts";
import { REPORT_VERSION } from "./version.ts";

/** What a report says about itself, besides its results. */
export interface ReportHead {
  readonly tool: Report["tool"];
  /** ISO 8601, UTC. An input, so that the same input gives the same bytes. */
  readonly generatedAt: string;
  readonly target: Report["target"];
  readonly sources: Report["sources"];
  readonly inputs?: NonNullable<Report["inputs"]>;
  readonly skipped?: number;
  readonly topology?: Report["topology"];
  readonly reachability?: Report["reachability"];
  readonly hosts?: Report["hosts"];
}

export function buildReport(head: ReportHead, results: readonly Result[]): Report {
  const sorted = [...results].sort(compareResults);
  return {
    schemaVersion: REPORT_VERSION,
    tool: head.tool,
    generatedAt: head.generatedAt,
    target: head.target,
    sources: head.sources,
    ...(head.inputs === undefined ? {} : { inputs: head.inputs }),
    ...(head.skipped === undefined ? {} : { skipped: head.skipped }),
    summary: summarize(sorted),
    results: sorted,
    ...(head.topology === undefined ? {} : { topology: head.topology }),
    ...(head.reachability === undefined ? {} : { reachability: head.reachability }),
    ...(head.hosts === undefined ? {} : { hosts: head.hosts }),
  };
}

/** What each source of a snapshot said, in the order of the document. */
export function listSources(snapshot: Snapshot): Report["sources"] {
  return Object.entries(snapshot.sources).map(([name, { status, detail }]) => ({ name, status, detail }));
}

/** What is waived counts as waived only; `bySeverity` counts the fails that are not. */
export function summarize(results: readonly Result[]): Summary {
  const summary: Summary = {
    pass: 0, fail: 0, unknown: 0, notApplicable: 0, waived: 0, bySeverity: { critical: 0, high: 0, medium: 0, low: 0 },
  };
  for (const { status, severity, waiver } of results) {
    if (waiver !== null) summary.waived++;
    else summary[status]++;
    if (waiver === null && status === "fail") summary.bySeverity[severity]++;
  }
  return summary;
}

function compareResults(a: Result, b: Result): number {
  return compareText(a.policy, b.policy) || compareText(a.resource.host ?? "", b.resource.host ?? "") || compareText(a.resource.id ?? "", b.resource.id ?? "") || compareText(a.element ?? "", b.element ?? "");
}
