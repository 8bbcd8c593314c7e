/** The format of GitHub's workflow commands: what a job prints becomes annotations on the lines of a pull request. */
import type { Report, Result } from "../policy/model/report.ts";
import { isKnown, listOpen } from "./open.ts";
import { describeTotals } from "./totals.ts";
import { describeFinding } from "./told.ts";
import { nameResource, plainText } from "./words.ts";

/**
 * One annotation a fail or unknown that is neither waived nor in the baseline, worst first since GitHub shows ten of a level, and the
 * totals in a group. https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function renderGithub(report: Report): string {
  const { tool, target, sources } = report;
  const unread = sources.filter(({ status }) => status !== "ok").map(({ name, status, detail }) => `${name}: ${status}${detail === null ? "" : ` (${detail})`}`);
  const results = listOpen(report).filter((result) => !isKnown(result));
  return [
    ...results.map(annotate),
    `::group::${escapeData(`${tool.name} ${tool.version}: ${plainText(describeTotals(report))}`)}`,
    ...[`${target.kind} ${target.name}, ${report.generatedAt}`, ...unread, ...describeExcess(results)].map(escapeLine),
    "::endgroup::",
  ].map((line) => `${line}\n`).join("");
}

const LEVELS = { critical: "error", high: "error", medium: "warning", low: "notice" } as const satisfies Record<Result["severity"], string>;

function levelOf({ status, severity }: Result): string {
  return status === "unknown" ? "warning" : LEVELS[severity];
}

/** What GitHub shows of a step, silently: https://github.com/actions/toolkit/blob/main/docs/problem-matchers.md#limitations */
const SHOWN_OF_A_LEVEL = 10;

function describeExcess(results: readonly Result[]): string[] {
  const excess = [...Map.groupBy(results, levelOf)].filter(([, { length }]) => length > SHOWN_OF_A_LEVEL).map(([level, { length }]) => `${length} ${level}s`);
  return excess.length === 0 ? [] : [`GitHub shows only ${SHOWN_OF_A_LEVEL} annotations of a level; here are ${excess.join(" and ")}, all in this log`];
}

function annotate(result: Result): string {
  const { severity, policy, remediation } = result;
  const properties: Record<string, string | number> = { ...locate(result), title: plainText(`${severity} ${policy}: ${nameResource(result)}`, TITLE_LIMIT) };
  const fix = remediation === null ? [] : [`fix: ${plainText(remediation.text)}`];
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${levelOf(result)} ${list.join(",")}::${escapeData([plainText(describeFinding(result)), ...fix].join("\n"))}`;
}

/** GitHub takes titles of 255 characters. */
const TITLE_LIMIT = 250;

/** What stands in no file is an annotation of the job. Columns are taken only within one line. */
function locate({ location }: Result): Record<string, string | number> {
  if (location === null) return {};
  const { file, line, column, endLine, endColumn } = location;
  return { file: plainText(file.replace(/^(?:\.\/)+/, "")), line, endLine, ...(line === endLine ? { col: column, endColumn } : {}) };
}

/** As the toolkit's `escapeData` does it. */
function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** As the toolkit's `escapeProperty` does it. */
function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/** A line of the log that the runner takes for no command: neither `::` at its start nor the old form `##[` anywhere. */
function escapeLine(text: string): string {
  return `- ${plainText(text).replaceAll("##[", "## [")}`;
}
