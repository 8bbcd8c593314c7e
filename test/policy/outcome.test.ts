import { describe, expect, it } from "vitest";
import type { Result } from "../../src/policy/model/report.ts";
import type { FailOn } from "../../src/policy/model/settings.ts";
import { decideExitCode } from "../../src/policy/outcome.ts";
import { resultOf } from "../support/policy.ts";

const WAIVER = { policy: "*", resource: "*", reason: "accepted", owner: null, expires: null };
const fail = (severity: Result["severity"]): Result => resultOf({ severity });
const unknown = (severity: Result["severity"]): Result => resultOf({ severity, status: "unknown" });

describe("the exit code", () => {
  it.each<[string, Result[], FailOn, 0 | 1 | 3]>([
    ["nothing", [], "low", 0],
    ["passes", [resultOf({ status: "pass" }), resultOf({ status: "notApplicable" })], "low", 0],
    ["a fail at the threshold", [fail("high")], "high", 1],
    ["a fail above it", [fail("critical")], "high", 1],
    ["a fail below it", [fail("medium")], "high", 0],
    ["an unknown at the threshold", [unknown("high")], "high", 3],
    ["an unknown below it", [unknown("medium")], "high", 0],
    ["a fail before an unknown", [unknown("critical"), fail("high")], "high", 1],
    ["a fail below and an unknown at it", [fail("medium"), unknown("high")], "high", 3],
    ["what is waived", [{ ...fail("critical"), waiver: WAIVER }, { ...unknown("critical"), waiver: WAIVER }], "low", 0],
    ["what the baseline has", [{ ...fail("critical"), baselineState: "unchanged" }, { ...unknown("critical"), baselineState: "unchanged" }], "low", 0],
    ["a fail that it has and one that it has not", [{ ...fail("high"), baselineState: "unchanged" }, { ...fail("high"), baselineState: "new" }], "high", 1],
    ["an unknown that it has not", [{ ...fail("high"), baselineState: "unchanged" }, { ...unknown("high"), baselineState: "new" }], "high", 3],
    ["never", [fail("critical"), unknown("critical")], "never", 0],
  ])("for %s", (_, results, failOn, code) => {
    expect(decideExitCode(results, failOn)).toBe(code);
  });
});
