/** The report in every format that was asked for. */
import { HardenError } from "../errors.ts";
import type { Fix } from "../policy/model/fix.ts";
import type { Policy } from "../policy/model/policy.ts";
import type { Report } from "../policy/model/report.ts";
import type { FailOn } from "../policy/model/settings.ts";
import { counts } from "../policy/outcome.ts";
import { renderReport, type Format } from "../report/index.ts";
import { writeOutput, type Output } from "./outputs.ts";
import { say } from "./progress.ts";
import { describeOutput } from "./streams.ts";
import { isQuiet } from "./talk.ts";

/**
 * One that cannot be written does not keep the others from being written: its error is handed back. Under --quiet the console has what counts by `failOn`
 * alone, and nothing where nothing does.
 */
export async function writeReport(
  outputs: readonly Output<Format>[], report: Report, policies: readonly Policy[], failOn: FailOn, fixes: ReadonlyMap<string, Fix> = new Map(),
): Promise<HardenError[]> {
  const { color, width } = describeOutput();
  const errors: HardenError[] = [];
  for (const { format, file } of outputs) {
    say(`writing ${format} …`);
    const brief = isQuiet() && format === "console";
    const shown = brief ? { ...report, results: report.results.filter((result) => counts(result, failOn)) } : report;
    const text = await renderReport(format, shown, { color: color && file === null, width, file, policies, fixes, brief });
    errors.push(...attempt(() => { writeOutput(file, text); }));
  }
  return errors;
}

/** The known error of what was run, if any. */
export function attempt(run: () => void): HardenError[] {
  try {
    run();
    return [];
  } catch (error) {
    if (error instanceof HardenError) return [error];
    throw error;
  }
}
