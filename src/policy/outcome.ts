/** The one function that decides the exit code, whatever the format. */
import { compareSeverity } from "./compile.ts";
import type { Result } from "./model/report.ts";
import type { FailOn } from "./model/settings.ts";

/**
 * 1: an unwaived fail at or above `failOn`. 3: none, but an unwaived unknown at or above it. 0: neither, and with `never` always.
 * What a baseline holds already does not count.
 * An input that could not be read (exit 2) goes before all of these and is the caller's to say.
 */
export function decideExitCode(results: readonly Result[], failOn: FailOn): 0 | 1 | 3 {
  if (failOn === "never") return 0;
  const counted = results.filter((result) => counts(result, failOn));
  if (counted.some((result) => result.status === "fail")) return 1;
  return counted.some((result) => result.status === "unknown") ? 3 : 0;
}

/** Whether a fail or an unknown like this one decides the exit code. */
export function counts({ waiver, baselineState, severity }: Result, failOn: FailOn): boolean {
  return failOn !== "never" && waiver === null && baselineState !== "unchanged" && compareSeverity(severity, failOn) >= 0;
}
