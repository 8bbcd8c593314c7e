import { expect, it } from "vitest";
import { buildReport, summarize } from "../../src/policy/report.ts";
import { resultOf } from "../support/policy.ts";

const WAIVER = { policy: "*", resource: "*", reason: "accepted", owner: null, expires: null };
const HEAD = { tool: { name: "harden", version: "0" }, generatedAt: "2026-01-01T00:00:00Z", target: { kind: "host", name: "h" }, sources: [] };

it("what is waived counts as waived only, and severities count fails that are not", () => {
  const results = [
    resultOf(), resultOf({ severity: "low" }), resultOf({ waiver: WAIVER }), resultOf({ status: "unknown", waiver: WAIVER }),
    resultOf({ status: "unknown", severity: "critical" }), resultOf({ status: "pass" }), resultOf({ status: "notApplicable" }),
  ];
  expect(summarize(results)).toEqual({
    pass: 1, fail: 2, unknown: 1, notApplicable: 1, waived: 2, bySeverity: { critical: 0, high: 1, medium: 0, low: 1 },
  });
});

it("results stand in the order of policy, resource and element, whatever order they came in", () => {
  const about = (policy: string, id: string | null, element: string | null) => resultOf({ policy, element, resource: { kind: "container", id, name: id } });
  const sorted = [about("a", null, null), about("a", "Z", "1"), about("a", "a", "1"), about("a", "a", "2"), about("b", "A", null)];
  expect(buildReport(HEAD, [...sorted].reverse()).results).toEqual(sorted);
});
