/** The formats of reports: one file of this folder each. */
import type { Report } from "../policy/model/report.ts";
import type { RenderOptions } from "./options.ts";

type Render = (report: Report, options: RenderOptions) => string;

/** Each is loaded when a report in it is asked for. */
const RENDERERS = {
  console: async () => (await import("./console.ts")).renderConsole,
  json: async () => (await import("./json.ts")).renderJson,
  sarif: async () => (await import("./sarif.ts")).renderSarif,
  github: async () => (await import("./github.ts")).renderGithub,
  gitlab: async () => (await import("./gitlab.ts")).renderGitlab,
  junit: async () => (await import("./junit.ts")).renderJunit,
  html: async () => (await import("./html.ts")).renderHtml,
  markdown: async () => (await import("./markdown.ts")).renderMarkdown,
  prometheus: async () => (await import("./prometheus.ts")).renderPrometheus,
} satisfies Record<string, () => Promise<Render>>;

export type Format = keyof typeof RENDERERS;

/** The names that -o takes. */
export const FORMATS = Object.keys(RENDERERS) as readonly Format[];

const WITH_FINGERPRINTS: readonly Format[] = ["json", "sarif", "gitlab"];

/** Whether a report in this format shows the fingerprints of its results. */
export function showsFingerprints(format: Format): boolean {
  return WITH_FINGERPRINTS.includes(format);
}

const WITH_PICTURES: readonly Format[] = ["json", "html"];

/** Whether a report in this format shows what stands where and who gets to what. */
export function showsTopology(format: Format): boolean {
  return WITH_PICTURES.includes(format);
}

/** The report as text, which ends in a line break. The same input gives the same bytes. */
export async function renderReport(format: Format, report: Report, options: RenderOptions): Promise<string> {
  const render: Render = await RENDERERS[format]();
  return render(report, options);
}
