/** The HTML format: one file that needs no network. All is in the page without a script; the script filters, and copies fixes. */
import { createHash } from "node:crypto";
import { script, style } from "../generated/page.ts";
import type { Fixed, Report } from "../policy/model/report.ts";
import { renderFindings } from "./html/findings.ts";
import { nameTarget, suffixOf } from "./html/hosts.ts";
import { element, escapeText, type Markup, table } from "./html/markup.ts";
import { renderReachability } from "./html/reachability.ts";
import { renderInputs, renderSources } from "./html/sources.ts";
import { renderSummary } from "./html/summary.ts";
import { renderTopology } from "./html/topology.ts";
import type { RenderOptions } from "./options.ts";
import { nameResource, writeTime } from "./words.ts";

/** What the audited host says is data: all of it is escaped, and the policy of the page lets nothing run but its own script. */
export function renderHtml(report: Report, { policies }: Pick<RenderOptions, "policies">): string {
  const { target, fixed = [] } = report;
  const sections = [
    renderSummary(report),
    ...renderPictures(report),
    renderFindings(report, policies),
    fixed.length === 0 ? null : renderFixed(fixed),
    renderInputs(report),
    renderSources(report),
  ];
  const title = `harden: ${target.kind} ${nameTarget(report)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${hashOf(style)}'; script-src '${hashOf(script)}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeText(title)}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#findings">Skip to the findings</a>
${renderHeader(report).markup}
<main>
${sections.filter((section) => section !== null).map(({ markup }) => markup).join("\n")}
</main>
<script>${script}</script>
</body>
</html>
`;
}

/** Of several hosts those of each. */
function renderPictures(report: Report): Markup[] {
  const { target, topology, reachability, hosts = [{ name: target.name, topology, reachability }] } = report;
  return hosts.flatMap(({ name, topology, reachability }, index) => {
    if (topology === undefined) return [];
    const suffix = suffixOf(index);
    const title = hosts.length === 1 ? "" : ` on ${name}`;
    const results = hosts.length === 1 ? report.results : report.results.filter(({ resource }) => resource.host === name);
    return [renderTopology({ topology, reachability: reachability ?? null, results, name, suffix, title }), ...(reachability === undefined ? [] : [renderReachability(topology, reachability, suffix, title)])];
  });
}

function renderHeader(report: Report): Markup {
  const { target, generatedAt, tool, topology, reachability, hosts, fixed = [] } = report;
  const links = [["summary", "Summary"], ...((hosts?.[0]?.topology ?? topology) === undefined ? [] : [["topology", "Topology"]]), ...((hosts?.[0]?.reachability ?? reachability) === undefined ? [] : [["reachability", "Reachability"]]), ["findings", "Findings"], ...(fixed.length === 0 ? [] : [["fixed", "Fixed"]]), ["sources", "Sources"]];
  return element("header", {},
    element("div", { class: "title" }, element("h1", {}, nameTarget(report)), element("p", { class: "quiet" }, `${target.kind} · ${tool.name} ${tool.version} · `, element("time", { datetime: generatedAt }, writeTime(generatedAt)))),
    element("nav", { "aria-label": "Sections" }, links.map(([id = "", name = ""]) => element("a", { href: `#${id}` }, name))));
}

function renderFixed(fixed: readonly Fixed[]): Markup {
  return element("section", { id: "fixed", "aria-labelledby": "fixed-title" }, element("h2", { id: "fixed-title" }, "Fixed since the baseline"),
    table("Fixed since the baseline", ["Policy", "Resource", "Finding"], fixed.map((one) => [element("code", {}, one.policy), nameResource(one), one.title])));
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
