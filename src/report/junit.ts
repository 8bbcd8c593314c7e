/** The JUnit format, as Jenkins and GitLab read it: one suite a policy, one case a resource. */
import type { Report, Result } from "../policy/model/report.ts";
import { isKnown } from "./open.ts";
import { describeFinding } from "./told.ts";
import { namePlace, nameResource, plainText } from "./words.ts";

/**
 * All results, passes too. Fails are failures; what is unknown, does not apply, is waived or stands in the baseline is skipped, with the
 * reason. Elements and attributes are those of junit-10.xsd of Jenkins' xunit plugin.
 */
export function renderJunit(report: Report): string {
  const cases = Map.groupBy(report.results, ({ policy }) => policy);
  const suites = [...cases].flatMap(([policy, results]) => [`  <${tag("testsuite", { name: policy, ...count(results) })}>`, ...printCases(results), "  </testsuite>"]);
  const { tests, failures, errors } = count(report.results);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<${tag("testsuites", { name: `${report.tool.name} ${report.target.kind} ${report.target.name}`, tests, failures, errors })}>`,
    ...suites,
    "</testsuites>",
  ].map((line) => `${line}\n`).join("");
}

function count(results: readonly Result[]): { tests: number; failures: number; errors: number; skipped: number } {
  return { tests: results.length, failures: results.filter(isFailure).length, errors: 0, skipped: results.filter((result) => whySkipped(result) !== null).length };
}

function isFailure(result: Result): boolean {
  return result.status === "fail" && whySkipped(result) === null;
}

/** Null for what passed or failed. */
function whySkipped(result: Result): string | null {
  const { status, waiver, message } = result;
  if (waiver !== null) return `waived: ${waiver.reason}`;
  if (status === "notApplicable") return `does not apply: ${message}`;
  if (status === "unknown") return `unknown: ${message}`;
  return status === "fail" && isKnown(result) ? `unchanged since the baseline: ${message}` : null;
}

/** GitLab takes two cases of one name for one: where projects share a name, the file tells them apart, else a number. */
function printCases(results: readonly Result[]): string[] {
  const nameOf = (result: Result): string => `${result.title}: ${nameResource(result)}`;
  const sharing = Map.groupBy(results, nameOf);
  const given = new Map<string, number>();
  return results.flatMap((result) => {
    const name = nameOf(result);
    const placed = (sharing.get(name) ?? []).length > 1 && result.location !== null ? `${name} in ${result.location.file}` : name;
    const count = (given.get(placed) ?? 0) + 1;
    given.set(placed, count);
    return printCase(result, count === 1 ? placed : `${placed} (${count})`);
  });
}

function printCase(result: Result, name: string): string[] {
  const start = tag("testcase", { classname: result.policy, name });
  const reason = whySkipped(result);
  if (reason === null && !isFailure(result)) return [`    <${start}/>`];
  const outcome = reason === null
    ? `<${tag("failure", { type: result.severity, message: describeFinding(result) })}>${describe(result).map(escapeXml).join("\n")}</failure>`
    : `<${tag("skipped", { message: reason })}/>`;
  return [`    <${start}>`, `      ${outcome}`, "    </testcase>"];
}

/** What stands in a file says where: Jenkins' schema has no attribute for it. */
function describe(result: Result): string[] {
  const place = namePlace(result);
  return [describeFinding(result), ...(place === null ? [] : [`at ${place}`]), ...(result.remediation === null ? [] : [`fix: ${result.remediation.text}`])];
}

function tag(element: string, attributes: Readonly<Record<string, string | number>>): string {
  return [element, ...Object.entries(attributes).map(([key, value]) => `${key}="${escapeXml(String(value))}"`)].join(" ");
}

/** XML 1.0 has no way at all to write controls, lone surrogates, U+FFFE and U+FFFF: they are spelt out, as all that is invisible. */
function escapeXml(text: string): string {
  return plainText(text).replace(/[&<>"'\ufffe\uffff]/g, (character) => ENTITIES[character] ?? `\\u{${character.charCodeAt(0).toString(16)}}`);
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };
