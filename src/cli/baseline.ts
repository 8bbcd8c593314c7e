/** `--baseline REPORT`: reads the report that this one is compared with. */
import type { BaselineResult } from "../policy/baseline.ts";
import type { Report } from "../policy/model/report.ts";
import type { BaselineTarget } from "../policy/parse-baseline.ts";

/** What `--baseline` takes for the newest report in the folder of `--reports`. */
export const LATEST = "latest";

/** As large as a report of a hundred thousand results. */
const MAXIMUM_BYTES = 256 * 1024 * 1024;

/** Read before anything is written, since a report may replace its own baseline. Null where none is named. Throws HardenError for what is no report on the same target. */
export async function readBaseline(file: string | undefined, target: BaselineTarget): Promise<readonly BaselineResult[] | null> {
  if (file === undefined) return null;
  const [{ readText }, { parseBaseline }] = await Promise.all([import("./read-text.ts"), import("../policy/parse-baseline.ts")]);
  return parseBaseline(readText(file, MAXIMUM_BYTES), file, target);
}

/** The same report where there is no baseline. */
export async function applyBaseline(report: Report, baseline: readonly BaselineResult[] | null): Promise<Report> {
  if (baseline === null) return report;
  const { compareWithBaseline } = await import("../policy/baseline.ts");
  return compareWithBaseline(report, baseline);
}
