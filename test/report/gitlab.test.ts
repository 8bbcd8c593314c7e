import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderGitlab } from "../../src/report/gitlab.ts";
import { hostileReport, hostileText, HOSTILE } from "../support/hostile.ts";
import { containerFail, reportOf, unknownOf } from "../support/report.ts";

/** What GitLab asks of a report: docs.gitlab.com/ci/testing/code_quality, "Code Quality report format". */
const SCHEMA = {
  type: "array",
  items: {
    type: "object",
    required: ["description", "check_name", "fingerprint", "severity", "location"],
    properties: {
      description: { type: "string", minLength: 1 },
      check_name: { type: "string", minLength: 1 },
      fingerprint: { type: "string", minLength: 1 },
      severity: { enum: ["info", "minor", "major", "critical", "blocker"] },
      location: {
        type: "object",
        required: ["path", "lines"],
        properties: {
          path: { type: "string", not: { pattern: "^\\./" } },
          lines: { type: "object", required: ["begin"], properties: { begin: { type: "integer", minimum: 1 } } },
        },
      },
    },
  },
};
const validate = new Ajv().compile(SCHEMA);

interface Issue {
  readonly fingerprint: string;
}

function judge(text: string): Issue[] {
  const issues = JSON.parse(text) as Issue[];
  expect(validate(issues), JSON.stringify(validate.errors)).toBe(true);
  expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
  return issues;
}

describe("GitLab Code Quality", () => {
  const place = { file: "./deploy/compose.yaml", line: 7, column: 5, endLine: 7, endColumn: 9 };

  test("fails and unknowns that no waiver covers, worst first", () => {
    const waiver = { policy: "*", resource: "*", reason: "known", owner: null, expires: null };
    const report = reportOf([
      containerFail("a", "web", { severity: "critical", location: place }),
      containerFail("b", "web", { severity: "high" }),
      containerFail("c", "shop/web", { severity: "medium", message: "it is at fault", element: "80/tcp" }),
      containerFail("d", "web", { severity: "low" }),
      unknownOf("e", "web", "no answer", { severity: "low", location: place }),
      containerFail("f", "web", { waiver }),
      containerFail("g", "web", { status: "pass" }),
      containerFail("h", "web", { status: "notApplicable" }),
    ]);
    const own = { path: "report.json", lines: { begin: 1 } };
    expect(judge(renderGitlab(report, { file: "./report.json" }))).toEqual([
      { description: "web is at fault", check_name: "a", fingerprint: "a web", severity: "blocker", location: { path: "deploy/compose.yaml", lines: { begin: 7 } } },
      { description: "web is at fault", check_name: "b", fingerprint: "b web", severity: "critical", location: own },
      { description: "shop/web (80/tcp): it is at fault", check_name: "c", fingerprint: "c shop/web", severity: "major", location: own },
      { description: "web is at fault", check_name: "d", fingerprint: "d web", severity: "minor", location: own },
      { description: "web: cannot tell whether this holds: Title of e: no answer", check_name: "e", fingerprint: "e web", severity: "major", location: { path: "deploy/compose.yaml", lines: { begin: 7 } } },
    ]);
  });

  test("two of one fingerprint stay two", () => {
    expect(judge(renderGitlab(reportOf([containerFail("a", "x"), containerFail("a", "x")]), { file: null })).map(({ fingerprint }) => fingerprint)).toEqual(["a x", "a x-2"]);
  });

  test("an empty report", () => {
    expect(renderGitlab(reportOf([]), { file: null })).toBe("[]\n");
  });

  test.each(HOSTILE.filter((text) => text.trim() !== ""))("hostile: %j", (text) => {
    expect(judge(renderGitlab(hostileReport(text, true), { file: text }))).toHaveLength(4);
  });

  test("any text", () => {
    fc.assert(fc.property(hostileText, (text) => { judge(renderGitlab(hostileReport(`x${text}`, false), { file: null })); }), { numRuns: 200 });
  });
});
