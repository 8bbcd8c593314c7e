/** The report in every format that was asked for. */
import { HardenError } from "../errors.ts";
import type { Fix } from "../policy/model/fix.ts";
import type { Policy } from "../policy/model/policy.ts";
import type { Report } from "../policy/model/report.ts";
import { renderReport, type Format } from "../report/index.ts";
import { writeOutput, type Output } from "./outputs.ts";
import { describeOutput } from "./streams.ts";

/** One that cannot be written does not keep the others from being written: its error is handed back. */
export function writeReport(outputs: readonly Output<Format>[], report: Report, policies: readonly Policy[], fixes: ReadonlyMap<string, Fix> = new Map()): HardenError[] {
  return outputs.flatMap(({ format, file }) => {
    const { color, width } = describeOutput();
    return attempt(() => { writeOutput(file, renderReport(format, report, { color: color && file === null, width, file, policies, fixes })); });
  });
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
