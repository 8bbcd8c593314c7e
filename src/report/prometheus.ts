/** The Prometheus format: a text file for node_exporter's textfile collector. */
import type { Report } from "../policy/model/report.ts";
import { escapeInvisible } from "../text.ts";
import { isKnown, listOpen } from "./open.ts";
import { WORST_FIRST } from "./severity.ts";

/**
 * Counts alone, by labels of which there are few: severity, status, policy, source, and of several hosts the host; never a container.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function renderPrometheus(report: Report): string {
  const { tool, generatedAt, summary, sources, fixed, hosts } = report;
  const open = listOpen(report);
  const known = open.filter(isKnown).length;
  const fails = open.filter(({ status }) => status === "fail");
  const statuses = { pass: summary.pass, fail: summary.fail, unknown: summary.unknown, not_applicable: summary.notApplicable, waived: summary.waived };
  return [
    ...metric("harden_info", "What wrote this file.", [[{ version: tool.version }, 1]]),
    ...metric("harden_audit_timestamp_seconds", "When what is told here was seen.", [[{}, Date.parse(generatedAt) / 1000]]),
    ...metric("harden_results", "Evaluations by what came of them; what a waiver covers counts as waived only.", Object.entries(statuses).map(([status, count]) => [{ status }, count])),
    ...metric("harden_faults", "Faults that no waiver covers, by severity.", WORST_FIRST.map((severity) => [{ severity }, summary.bySeverity[severity]])),
    ...metric("harden_policy_faults", "The same by policy; policies without any are left out.", countBy(fails.map(({ policy, severity }) => ({ policy, severity })))),
    ...(hosts === undefined ? [] : metric("harden_host_faults", "The same by host.", countBy(fails.map(({ resource: { host = "" }, severity }) => ({ host, severity }))))),
    ...(fixed === undefined ? [] : metric("harden_changes", "Faults and unknowns beside those of the baseline.", [[{ state: "new" }, open.length - known], [{ state: "unchanged" }, known], [{ state: "fixed" }, fixed.length]])),
    ...metric("harden_source_readable", "1 for what could be read, 0 for what not.", sources.map(({ name, status }) => [{ source: name }, status === "ok" ? 1 : 0])),
  ].map((line) => `${line}\n`).join("");
}

type Labels = Readonly<Record<string, string>>;

function metric(name: string, help: string, samples: readonly (readonly [Labels, number])[]): string[] {
  if (samples.length === 0) return [];
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...samples.map(([labels, value]) => `${name}${printLabels(labels)} ${String(value)}`)];
}

function printLabels(labels: Labels): string {
  const list = Object.entries(labels).map(([key, value]) => `${key}="${escapeInvisible(value).replace(/[\\"]/g, "\\$&")}"`);
  return list.length === 0 ? "" : `{${list.join(",")}}`;
}

/** Each set of labels once, in order. */
function countBy(all: readonly Labels[]): (readonly [Labels, number])[] {
  const groups = Map.groupBy(all, (labels) => JSON.stringify(labels));
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, list]) => [list[0] ?? {}, list.length] as const);
}
