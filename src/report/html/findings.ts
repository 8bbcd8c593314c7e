/** The findings of the HTML report: by policy, worst first, each with where it stands and what was found there. */
import type { Evidence, Report, Result } from "../../policy/model/report.ts";
import { listOrigins } from "../console/findings.ts";
import { listOpen } from "../open.ts";
import type { PolicyText } from "../options.ts";
import { linkOf, nameReference } from "../references.ts";
import { WORST_FIRST } from "../severity.ts";
import { describeFinding } from "../told.ts";
import { plainText } from "../words.ts";
import { printFix } from "./fix.ts";
import { div, element, lines, type Markup, paragraph, prose, span } from "./markup.ts";

/** More rows than anyone reads, and as many as a browser shows without a pause. */
const MOST_ROWS = 20_000;

/** Groups are open as long as there are few. */
const MOST_OPEN = 400;

interface Group {
  readonly first: Result;
  readonly kind: Kind;
  readonly results: Result[];
}

export type Kind = "fail" | "unknown" | "waived";

export function renderFindings(report: Report, policies: readonly PolicyText[]): Markup {
  const results = [...listOpen(report), ...report.results.filter(({ waiver, status }) => waiver !== null && (status === "fail" || status === "unknown"))];
  const shown = results.slice(0, MOST_ROWS);
  const kinds = [...new Set(shown.map(({ resource }) => resource.kind))].sort();
  const isOpen = shown.length <= MOST_OPEN;
  return element("section", { id: "findings", class: isOpen ? null : "many", "aria-labelledby": "findings-title" },
    element("h2", { id: "findings-title" }, "Findings"),
    results.length === 0 ? paragraph("quiet", "Nothing is at fault, and nothing is unknown.") : renderFilter(shown, kinds, report.fixed !== undefined),
    listGroups(shown).map((group) => renderGroup(group, policies.find(({ id }) => id === group.first.policy), isOpen && group.kind === "fail")),
    results.length > shown.length ? paragraph("quiet", `… and ${String(results.length - shown.length)} more, which the JSON report has.`) : null);
}

function listGroups(results: readonly Result[]): Group[] {
  const groups = new Map<string, Group>();
  for (const result of results) {
    const kind = kindOf(result);
    const key = `${kind} ${result.policy} ${result.severity}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: result, kind, results: [result] });
    else group.results.push(result);
  }
  return [...groups.values()];
}

function kindOf({ waiver, status }: Result): Kind {
  return waiver !== null ? "waived" : status === "unknown" ? "unknown" : "fail";
}

/** Works without a mouse: ordinary controls in their ordinary order. Hidden where no script runs, where all is shown. */
function renderFilter(results: readonly Result[], kinds: readonly string[], isCompared: boolean): Markup {
  const count = (test: (result: Result) => boolean): number => results.filter(test).length;
  const box = (group: string, value: string, label: string, amount: number): Markup =>
    element("label", { class: `choice ${value}` }, element("input", { type: "checkbox", name: group, value, checked: value !== "waived" }), span("", label), span("amount", amount));
  return element("form", { id: "filter", class: "filter", hidden: true, role: "search", "aria-label": "Filter findings" },
    element("label", { class: "search" }, span("label", "Search"), element("input", { type: "search", id: "words", autocomplete: "off", spellcheck: "false", placeholder: "container, policy, file, CIS number …", "aria-keyshortcuts": "/" })),
    element("fieldset", {}, element("legend", {}, "Severity"), WORST_FIRST.map((severity) => box("severity", severity, severity, count((result) => result.severity === severity)))),
    element("fieldset", {}, element("legend", {}, "State"),
      box("kind", "fail", "at fault", count((result) => kindOf(result) === "fail")), box("kind", "unknown", "unknown", count((result) => kindOf(result) === "unknown")), box("kind", "waived", "waived", count((result) => kindOf(result) === "waived"))),
    isCompared ? element("label", { class: "choice" }, element("input", { type: "checkbox", id: "new" }), span("", "only what is new")) : null,
    element("label", { class: "search" }, span("label", "Resource"), element("select", { id: "resource" }, element("option", { value: "" }, "every kind"), kinds.map((kind) => element("option", { value: kind }, kind)))),
    element("p", { id: "shown", class: "quiet", role: "status" }));
}

function renderGroup({ first, kind, results }: Group, policy: PolicyText | undefined, isOpen: boolean): Markup {
  const remedies = [...new Map(results.flatMap(({ remediation }) => (remediation === null ? [] : [[JSON.stringify(remediation), remediation] as const]))).values()];
  return element("details", { class: "group", open: isOpen, "data-severity": first.severity, "data-kind": kind, "data-resource": first.resource.kind },
    element("summary", {}, span(`badge ${kind === "fail" ? first.severity : kind}`, kind === "fail" ? first.severity : kind), element("h3", {}, first.title), element("code", { class: "id" }, first.policy), span("amount", results.length)),
    div("body",
      policy === undefined ? null : paragraph("why", prose(policy.rationale)),
      remedies.length === 1 ? remedies.map(renderRemedy) : null,
      element("ul", { class: "rows" }, results.map(renderRow)),
      remedies.length === 1 ? null : remedies.map(renderRemedy),
      first.references.length === 0 ? null : element("p", { class: "references" }, first.references.map((reference, index) => [index === 0 ? "" : " · ", renderReference(reference)]))));
}

function renderRow(result: Result): Markup {
  const { waiver, baselineState, evidence, status } = result;
  const places = listOrigins(result);
  const found = evidence.map((one) => describeEvidence(one, status)).filter((text) => text !== null);
  return element("li", { class: baselineState === "new" ? "new" : null },
    baselineState === "new" ? [span("badge new", "new"), " "] : null,
    describeFinding(result),
    places.length === 0 ? null : element("code", { class: "at" }, places.join(", ")),
    found.length === 0 ? null : span("found", [...new Set(found)].join("; ")),
    waiver === null ? null : span("found", `waived: ${waiver.reason}${waiver.owner === null ? "" : ` (${waiver.owner})`}${waiver.expires === null ? "" : `, until ${waiver.expires}`}`));
}

/** `limits.memory is null`. */
function describeEvidence({ path, actual, unknown }: Evidence, status: Result["status"]): string | null {
  if (unknown !== null) return status === "unknown" ? `${path} is unknown: ${plainText(unknown, 200)}` : null;
  return `${path} is ${plainText(JSON.stringify(actual), 120)}`;
}

function renderRemedy(remediation: NonNullable<Result["remediation"]>): Markup {
  const fix = printFix(remediation);
  return div("fix", paragraph("", element("strong", {}, "Fix "), prose(remediation.text)),
    fix === null ? null : div("copy", element("pre", { tabindex: 0 }, element("code", {}, lines(fix))), element("button", { type: "button", hidden: true, "data-copy": true }, "Copy")));
}

function renderReference(reference: Result["references"][number]): Markup | string {
  const link = linkOf(reference);
  return link === null ? nameReference(reference) : element("a", { href: link, rel: "noreferrer noopener" }, nameReference(reference));
}
