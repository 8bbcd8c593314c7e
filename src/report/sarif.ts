/** The SARIF format, version 2.1.0: fails, unknowns and what is waived. Not passes: GitHub would show each as an alert. */
import type { Log, Run } from "sarif";
import type { Report, Result } from "../policy/model/report.ts";
import { escapeInvisible } from "../text.ts";
import type { RenderOptions } from "./options.ts";
import { printJson } from "./json.ts";
import { describeInvocation, describeNotifications } from "./sarif/invocation.ts";
import { describeResult } from "./sarif/result.ts";
import { describeRule } from "./sarif/rule.ts";
import { SOURCE_ROOT } from "./sarif/uri.ts";
import { compareWorst } from "./severity.ts";

export function renderSarif(report: Report, { file, policies, fixes = new Map() }: Pick<RenderOptions, "file" | "policies" | "fixes">): string {
  const results = report.results.filter(({ status }) => status === "fail" || status === "unknown").sort(compareResults);
  const log: Log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: splitRuns(results).map((part, index) => describeRun(report, part, index, { ownFile: file ?? "harden.sarif", policies, fixes })),
  };
  return printJson(log, ["runs"]);
}

/** GitHub refuses a run of more results, and of one shows the first 5,000: hence worst first. */
const RESULTS_OF_A_RUN = 25_000;

function splitRuns(results: readonly Result[]): Result[][] {
  const runs = [results.slice(0, RESULTS_OF_A_RUN)];
  for (let at = RESULTS_OF_A_RUN; at < results.length; at += RESULTS_OF_A_RUN) runs.push(results.slice(at, at + RESULTS_OF_A_RUN));
  return runs;
}

/** Open before waived, worst first, fails before unknowns; else in the order of the report (sort is stable). */
function compareResults(a: Result, b: Result): number {
  return Number(a.waiver !== null) - Number(b.waiver !== null) || compareWorst(a.severity, b.severity) || Number(a.status === "unknown") - Number(b.status === "unknown");
}

interface RunOptions extends Required<Pick<RenderOptions, "policies" | "fixes">> {
  /** The path of the SARIF file. */
  readonly ownFile: string;
}

function describeRun(report: Report, results: readonly Result[], index: number, { ownFile, policies, fixes }: RunOptions): Run {
  const { tool, target } = report;
  const ids = [...new Set(results.map(({ policy }) => policy))].sort();
  const described = results.map((result) => describeResult(result, ids.indexOf(result.policy), ownFile, fixes.get(result.fingerprint)));
  const waived = results.some(({ waiver }) => waiver !== null);
  return {
    tool: {
      driver: {
        name: tool.name,
        fullName: `${tool.name} ${tool.version}, policy-as-code auditor for container hosts`,
        version: tool.version,
        semanticVersion: tool.version,
        rules: ids.flatMap((id) => results.find(({ policy }) => policy === id) ?? []).map((result) => describeRule(result, policies.find(({ id }) => id === result.policy))),
        notifications: describeNotifications(report),
      },
    },
    automationDetails: { id: ["harden", target.kind, target.name, ...(index === 0 ? [] : [String(index + 1)]), ""].map(encodeSegment).join("/") },
    invocations: [describeInvocation(report)],
    columnKind: "utf16CodeUnits",
    originalUriBaseIds: { [SOURCE_ROOT]: { description: { text: "The working directory of harden: in CI the checkout." } } },
    // SARIF 3.27.23: with a suppression on one result every result says whether it has any.
    results: waived ? described.map((result) => ({ ...result, suppressions: result.suppressions ?? [] })) : described,
  };
}

/** GitHub takes what stands before the last slash for the category that replaces its earlier results. */
function encodeSegment(text: string): string {
  return escapeInvisible(text).replaceAll("/", "%2F");
}
