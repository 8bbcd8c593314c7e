/** Reports on several hosts as one. */
import { HardenError } from "../errors.ts";
import { quote } from "../text.ts";
import type { Report, Result } from "./model/report.ts";
import { buildReport } from "./report.ts";

/** A report, and the file that it was read from. */
export interface SavedReport {
  readonly file: string;
  readonly report: Report;
}

/**
 * Of target kind `hosts`: each result's resource says which host it is on, and its message begins with it. One report alone stays as it is. Throws
 * HardenError for reports on anything but hosts, and for two on one host.
 */
export function mergeReports(saved: readonly [SavedReport, ...SavedReport[]], tool: Report["tool"]): Report {
  const [first, ...others] = saved;
  if (others.length === 0) return first.report;
  const seen = new Map<string, string>();
  for (const { file, report: { target } } of saved) {
    if (target.kind !== "host") throw new HardenError(`is a report on ${quote(target.kind)}: only reports on hosts are merged`, { position: { file }, hint: "render it alone" });
    const earlier = seen.get(target.name);
    if (earlier !== undefined) throw new HardenError(`is a second report on ${quote(target.name)}, after ${quote(earlier)}`, { position: { file }, hint: "give the report of each host once" });
    seen.set(target.name, file);
  }
  const reports = saved.map(({ report }) => report).sort((a, b) => (a.target.name < b.target.name ? -1 : 1));
  const fixed = reports.flatMap((report) => (report.fixed ?? []).map((one) => ({ ...one, ...onHost(report, one) })));
  const merged = buildReport({
    tool,
    generatedAt: reports.map(({ generatedAt }) => generatedAt).sort().at(-1) ?? first.report.generatedAt,
    target: { kind: "hosts", name: reports.map(({ target }) => target.name).join(", ") },
    sources: reports.flatMap(({ target, sources }) => sources.map((source) => ({ ...source, name: `${target.name} ${source.name}` }))),
    hosts: reports.map(({ target: { name }, generatedAt, tool: { version }, topology, reachability }) =>
      ({ name, generatedAt, version, ...(topology === undefined ? {} : { topology }), ...(reachability === undefined ? {} : { reachability }) })),
  }, reports.flatMap((report) => report.results.map((result) => ({ ...result, message: `${report.target.name}: ${result.message}`, ...onHost(report, result) }))));
  return reports.some((report) => report.fixed !== undefined) ? { ...merged, fixed } : merged;
}

/** The same fault of two hosts is two. */
function onHost({ target: { name } }: Report, { resource, fingerprint }: Pick<Result, "resource" | "fingerprint">): Pick<Result, "resource" | "fingerprint"> {
  return { resource: { ...resource, host: name }, fingerprint: process.getBuiltinModule("node:crypto").hash("sha256", JSON.stringify([name, fingerprint])).slice(0, 32) };
}
