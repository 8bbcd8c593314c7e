/** The formats of reports: one file of this folder each. */
import type { Policy } from "../policy/model/policy.ts";
import type { Report } from "../policy/model/report.ts";
import { renderConsole } from "./console.ts";
import { renderJson } from "./json.ts";
import { renderSarif } from "./sarif.ts";

/** What a report says nothing of and a format may need. */
export interface RenderOptions {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** Where the output goes, as the user named it; null is standard output. */
  readonly file: string | null;
  /** The policies that were judged, for formats that explain them. */
  readonly policies: readonly PolicyText[];
}

/** What a policy says about itself to a reader. */
export type PolicyText = Pick<Policy, "id" | "title" | "severity" | "rationale" | "references" | "remediation">;

const RENDERERS = {
  console: renderConsole,
  json: renderJson,
  sarif: renderSarif,
} satisfies Record<string, (report: Report, options: RenderOptions) => string>;

export type Format = keyof typeof RENDERERS;

/** The names that -o takes. */
export const FORMATS = Object.keys(RENDERERS) as readonly Format[];

/** The report as text, which ends in a line break. A pure function: the same input gives the same bytes. */
export function renderReport(format: Format, report: Report, options: RenderOptions): string {
  return RENDERERS[format](report, options);
}
