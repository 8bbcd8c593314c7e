/** The report in every format that was asked for. */
import { HardenError } from "../errors.ts";
import type { Fix } from "../policy/model/fix.ts";
import type { Policy } from "../policy/model/policy.ts";
import type { Report } from "../policy/model/report.ts";
import { renderReport, type Format } from "../report/index.ts";
import { writeOutput, type Output } from "./outputs.ts";
import { describeOutput } from "./streams.ts";

/** One that cannot be written does not keep the others from being written: its error is handed back. */
export async function writeReport(
  outputs: readonly Output<Format>[], report: Report, policies: readonly Policy[], fixes: ReadonlyMap<string, Fix> = new Map(),
): Promise<HardenError[]> {
  const { color, width } = describeOutput();
  const errors: HardenError[] = [];
  for (const { format, file } of outputs) {
    const text = await renderReport(format, report, { color: color && file === null, width, file, policies, fixes });
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
