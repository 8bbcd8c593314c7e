/** What the report comes to, at the head of the page. */
import type { Report } from "../../policy/model/report.ts";
import { isKnown, listOpen } from "../open.ts";
import { WORST_FIRST } from "../severity.ts";
import { renderHosts } from "./hosts.ts";
import { element, type Markup, paragraph, span } from "./markup.ts";

export function renderSummary(report: Report): Markup {
  const { summary, fixed } = report;
  const open = listOpen(report);
  const tiles = [
    ...WORST_FIRST.map((severity) => [severity, severity, summary.bySeverity[severity]] as const),
    ["unknown", "unknown", summary.unknown] as const, ["waived", "waived", summary.waived] as const, ["passed", "passed", summary.pass] as const,
  ];
  const known = open.filter(isKnown).length;
  return element("section", { id: "summary", "aria-labelledby": "summary-title" },
    element("h2", { id: "summary-title", class: "unseen" }, "Summary"),
    paragraph("verdict", describeVerdict(report)),
    element("ul", { class: "tiles" }, tiles.map(([name, label, count]) => element("li", { class: `tile ${name}${count === 0 ? " none" : ""}` }, span("number", count), span("label", label)))),
    fixed === undefined ? null : paragraph("change", element("strong", {}, open.length - known), " new, ", element("strong", {}, known), " unchanged, ", element("strong", {}, fixed.length), " fixed since the baseline"),
    renderHosts(report));
}

function describeVerdict({ summary: { bySeverity, fail, unknown } }: Report): string {
  if (bySeverity.critical > 0) return `${amount(bySeverity.critical, "critical fault")}: look at these first.`;
  if (bySeverity.high > 0) return `Nothing critical, ${amount(bySeverity.high, "fault")} of high severity.`;
  if (fail > 0) return `Nothing of high severity, ${amount(fail, "fault")} of lower.`;
  return unknown > 0 ? `No fault was found, but ${amount(unknown, "check")} could not be decided.` : "No fault was found.";
}

function amount(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}
