/** The Markdown summary: a comment on a pull request, or the summary of a job. */
import type { Fixed, JudgedInput, Report, Result } from "../policy/model/report.ts";
import { listOrigins } from "./console/findings.ts";
import { describeEngine, listFiles, listLeftOut, listVariables } from "./judged.ts";
import { isKnown, listOpen } from "./open.ts";
import { describeTotals } from "./totals.ts";
import { namePlace, nameResource, plainText } from "./words.ts";

/** Fails first and open to the eye; how to fix them, unknowns, and with a baseline what is unchanged and fixed, folded away. Fits into one comment. */
export function renderMarkdown(report: Report): string {
  const open = listOpen(report);
  const news = open.filter((result) => !isKnown(result));
  const fails = news.filter(({ status }) => status === "fail");
  const unread = report.sources.filter(({ status, detail }) => status !== "ok" || detail !== null);
  const room = { left: ROOM };
  return [
    `## ${fails.length > 0 ? "❌" : news.length > 0 ? "❔" : "✅"} harden: ${describeTotals(report)}`,
    [`${report.target.kind} ${report.target.name}`, `${report.tool.name} ${report.tool.version}`, report.generatedAt].map(code).join(" · "),
    ...table(["Severity", "Policy", "Resource", "Finding", "Where"], fails.map(describeRow), room),
    ...fold("How to fix", ["Policy", "Fix"], listFixes(fails), room),
    ...fold("Could not be decided", ["Severity", "Policy", "Resource", "Why", "Where"], news.filter(({ status }) => status === "unknown").map(describeRow), room),
    ...fold("Unchanged since the baseline", ["Severity", "Policy", "Resource", "Finding", "Where"], open.filter(isKnown).map(describeRow), room),
    ...fold("Fixed since the baseline", ["Policy", "Resource", "Finding"], (report.fixed ?? []).map(describeFixed), room),
    ...fold("What was judged", ["Input", "Files", "Engine", "Variables", "Only with a profile"], (report.inputs ?? []).map(describeInput), room),
    ...fold("Not everything could be seen", ["Source", "Status", "Reason"], unread.map(({ name, status, detail }) => [name, status, detail ?? ""].map(code)), room),
  ].map((block) => `${block}\n`).join("\n");
}

/** GitHub takes comments of 65,536 characters. The rest is for headings and for what says that rows are missing. */
const ROOM = 60_000;

type Row = readonly string[];

function describeRow(result: Result): Row {
  return [result.severity, code(result.policy), code(nameResource(result)), code(result.message), code(namePlace(result) ?? listOrigins(result).join(", "))];
}

/** Each remedy once, in the order of the findings. */
function listFixes(fails: readonly Result[]): Row[] {
  const fixes = new Map(fails.flatMap(({ policy, remediation }) => (remediation === null ? [] : [[`${policy} ${remediation.text}`, [code(policy), codeUpTo(FIX_LIMIT, remediation.text)]] as const])));
  return [...fixes.values()];
}

function describeFixed(fixed: Fixed): Row {
  return [code(fixed.policy), code(nameResource(fixed)), code(fixed.title)];
}

function describeInput(input: JudgedInput): Row {
  const project = input.type === "compose" ? [describeEngine(input), listVariables(input).join(", "), listLeftOut(input).join(", ")] : ["", "", ""];
  return [input.name, listFiles(input).join(", "), ...project].map(code);
}

/** As many rows as there is room for; what they take is taken off it. */
function table(head: Row, rows: readonly Row[], room: { left: number }): string[] {
  const lines: string[] = [];
  for (const row of rows.map(printRow)) {
    if (row.length + 1 > room.left) break;
    room.left -= row.length + 1;
    lines.push(row);
  }
  const missing = rows.length - lines.length;
  const more = missing === 0 ? [] : [`… and ${missing} more, which the JSON report has.`];
  return lines.length === 0 ? more : [[printRow(head), printRow(head.map(() => "---")), ...lines].join("\n"), ...more];
}

function fold(title: string, head: Row, rows: readonly Row[], room: { left: number }): string[] {
  return rows.length === 0 ? [] : [`<details><summary>${title}: ${rows.length}</summary>`, ...table(head, rows, room), "</details>"];
}

function printRow(cells: Row): string {
  return `| ${cells.join(" | ")} |`;
}

const TEXT_LIMIT = 400;
const FIX_LIMIT = 1000;

/**
 * Words of strangers: within `<code>`, where GitHub and GitLab see no @mention, #issue or :emoji:, and with everything that Markdown or HTML
 * reads as markup, a table as its end or a page as a link written as an entity, which no parser takes for markup. The comment behind
 * an @ keeps cmark-gfm from making a mail address of what it has decoded.
 */
function codeUpTo(limit: number, text: string): string {
  const escaped = plainText(text, limit).replace(/[!-,:-@[-`{-~]|(?<=www)\./gi, (character) => `&#${character.charCodeAt(0)};${character === "@" ? "<!-- -->" : ""}`);
  return escaped.trim() === "" ? "" : `<code>${escaped}</code>`;
}

function code(text: string): string {
  return codeUpTo(TEXT_LIMIT, text);
}
