/** The formats of reports: one file of this folder each. */
import type { Report } from "../policy/model/report.ts";
import { renderConsole } from "./console.ts";
import { renderGithub } from "./github.ts";
import { renderGitlab } from "./gitlab.ts";
import { renderJson } from "./json.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown.ts";
import type { RenderOptions } from "./options.ts";
import { renderSarif } from "./sarif.ts";

const RENDERERS = {
  console: renderConsole,
  json: renderJson,
  sarif: renderSarif,
  github: renderGithub,
  gitlab: renderGitlab,
  junit: renderJunit,
  markdown: renderMarkdown,
} satisfies Record<string, (report: Report, options: RenderOptions) => string>;

export type Format = keyof typeof RENDERERS;

/** The names that -o takes. */
export const FORMATS = Object.keys(RENDERERS) as readonly Format[];

const WITH_FINGERPRINTS: readonly Format[] = ["json", "sarif", "gitlab"];

/** Whether a report in this format shows the fingerprints of its results. */
export function showsFingerprints(format: Format): boolean {
  return WITH_FINGERPRINTS.includes(format);
}

/** The report as text, which ends in a line break. A pure function: the same input gives the same bytes. */
export function renderReport(format: Format, report: Report, options: RenderOptions): string {
  return RENDERERS[format](report, options);
}
