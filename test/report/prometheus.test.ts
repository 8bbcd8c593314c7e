/** The Prometheus format: what it counts, and what promtool says of it. */
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { compareWithBaseline } from "../../src/policy/baseline.ts";
import { mergeReports } from "../../src/policy/merge-reports.ts";
import type { Report } from "../../src/policy/model/report.ts";
import { renderPrometheus } from "../../src/report/prometheus.ts";
import { HOSTILE, hostileReport } from "../support/hostile.ts";
import { containerFail, mixedReport, reportOf } from "../support/report.ts";
import { describeWith } from "../support/requirements.ts";

describe("Prometheus", () => {
  test("counts", () => {
    const report = compareWithBaseline(reportOf([
      containerFail("container-a", "x", { severity: "critical" }), containerFail("container-a", "y", { severity: "critical" }), containerFail("container-b", "x", { severity: "low" }), containerFail("container-b", "y", { status: "pass" }),
    ]), [containerFail("container-b", "x"), containerFail("container-a", "gone")]);
    expect(renderPrometheus(report).split("\n").filter((line) => !line.startsWith("#"))).toEqual([
      'harden_info{version="1.2.3"} 1',
      "harden_audit_timestamp_seconds 1767323045",
      'harden_results{status="pass"} 1', 'harden_results{status="fail"} 3', 'harden_results{status="unknown"} 0', 'harden_results{status="not_applicable"} 0', 'harden_results{status="waived"} 0',
      'harden_faults{severity="critical"} 2', 'harden_faults{severity="high"} 0', 'harden_faults{severity="medium"} 0', 'harden_faults{severity="low"} 1',
      'harden_policy_faults{policy="container-a",severity="critical"} 2', 'harden_policy_faults{policy="container-b",severity="low"} 1',
      'harden_changes{state="new"} 2', 'harden_changes{state="unchanged"} 1', 'harden_changes{state="fixed"} 1',
      'harden_source_readable{source="host"} 1',
      "",
    ]);
  });

  test("has as many lines for a thousand containers as for one", () => {
    const linesOf = (count: number): number => renderPrometheus(reportOf(Array.from({ length: count }, (_, index) => containerFail("container-a", `c${String(index)}`)))).split("\n").length;
    expect(linesOf(1000)).toBe(linesOf(1));
  });
});

describeWith({ programs: ["promtool"] }, "Prometheus before promtool", () => {
  const two = (): Report => {
    const of = (name: string) => ({ file: name, report: { ...mixedReport(), target: { kind: "host", name } } });
    return mergeReports([of("a"), of("b")], { name: "harden", version: "1" });
  };

  test.each([["every kind of result", mixedReport()], ["two hosts", two()], ["hostile names", hostileReport(HOSTILE.join(""), true)]])("%s", async (_, report) => {
    const { exitCode, all } = await execa("promtool", ["check", "metrics"], { input: renderPrometheus(report), reject: false, all: true });
    expect([exitCode, all]).toEqual([0, ""]);
  });

  test("can fail", async () => {
    expect((await execa("promtool", ["check", "metrics"], { input: renderPrometheus(mixedReport()).replace("} ", "} x"), reject: false })).exitCode).not.toBe(0);
  });
});
