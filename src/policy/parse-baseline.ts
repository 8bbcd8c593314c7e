/** Reads an earlier JSON report as a baseline: only what the comparison needs is asked for, so that reports with newer keys serve too. */
import { HardenError } from "../errors.ts";
import { openPlaces } from "../json-tree.ts";
import { isJsonObject } from "../json-value.ts";
import { quote } from "../text.ts";
import type { BaselineResult } from "./baseline.ts";
import type { DocumentPath } from "./document.ts";
import { SEVERITIES } from "./model/policy.ts";
import { STATUSES } from "./model/report.ts";
import { HOW_TO_MAKE, parseReportJson } from "./report-json.ts";
import { REPORT_VERSION } from "./version.ts";

/** The target of the report that the baseline is compared with. Of hosts the name has to be the same: what is at fault on one is no excuse for another. */
export interface BaselineTarget {
  readonly kind: string;
  /** Null: whatever it is called, as clones of one repository are. */
  readonly name: string | null;
}

/**
 * Throws HardenError with the position for text that is empty, no JSON, no report, of another version or on another target, or that lacks
 * what is compared.
 */
export async function parseBaseline(text: string, file: string, target: BaselineTarget): Promise<BaselineResult[]> {
  const document = await parseReportJson(text, file, "baseline");
  const fault = findFault(document, target);
  if (fault !== null) throw new HardenError(`the baseline ${fault.message}`, { position: { file, ...(await openPlaces(text))(fault.path) }, hint: HOW_TO_MAKE });
  return (document as { results: BaselineResult[] }).results;
}

interface BaselineFault {
  readonly path: DocumentPath;
  readonly message: string;
}

function findFault(document: unknown, { kind, name }: BaselineTarget): BaselineFault | null {
  if (!isJsonObject(document) || !("schemaVersion" in document)) return { path: [], message: "is no report of harden: it has no schemaVersion" };
  const { schemaVersion, results, target } = document;
  if (schemaVersion !== REPORT_VERSION) return { path: ["schemaVersion"], message: `has schemaVersion ${quote(schemaVersion)}; this harden reads ${quote(REPORT_VERSION)}` };
  if (!Array.isArray(results)) return { path: "results" in document ? ["results"] : [], message: "is no report of harden: it has no list of results" };
  const given = isJsonObject(target) ? target : {};
  if (given["kind"] !== kind) return { path: "target" in document ? ["target"] : [], message: `is a report on ${quote(given["kind"])}, and this one is on "${kind}"` };
  if (name !== null && given["name"] !== name) return { path: ["target"], message: `is a report on the ${kind} ${quote(given["name"])}, and this one is on ${quote(name)}` };
  for (const [index, result] of (results as unknown[]).entries()) {
    if (!isJsonObject(result)) return { path: ["results", index], message: `has ${quote(result)} where a result belongs` };
    const wrong = Object.entries(CHECKS).find(([key, check]) => !check(result[key]));
    if (wrong !== undefined) return { path: ["results", index, ...(wrong[0] in result ? [wrong[0]] : [])], message: `has a result whose ${wrong[0]} is ${quote(result[wrong[0]])}` };
  }
  return null;
}

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isTextOrNull: Check = (value) => value === null || isText(value);

const CHECKS = {
  policy: isText,
  status: (value) => STATUSES.some((status) => status === value),
  severity: (value) => SEVERITIES.some((severity) => severity === value),
  title: isText,
  resource: (value) => isJsonObject(value) && isText(value["kind"]) && isTextOrNull(value["id"]) && isTextOrNull(value["name"]),
  element: isTextOrNull,
  fingerprint: isText,
  waiver: (value) => value === null || isJsonObject(value),
} satisfies Record<keyof BaselineResult, Check>;
