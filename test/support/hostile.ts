/** Reports in which every text of a stranger is hostile, for tests of the formats. */
import fc from "fast-check";
import type { Report } from "../../src/policy/model/report.ts";
import { compareWithBaseline } from "../../src/policy/baseline.ts";
import { containerFail, reportOf, unknownOf } from "./report.ts";

/** Names that have meant something to some reader of a report. */
export const HOSTILE = [
  "a b", "100%", "%0A::error::x", "::error file=a::x", "\n::stop-commands::x", "##[error]x", "a,b:c=d", "x#y?z", "größe/日本語", "\u001b[2J\n\u202e", "\ud800", "\ufffe\uffff\u0000", "..", "c:\\d",
  "{0} [a](https://evil.example)", "![i](https://evil.example/i.png)", "'\"<script>alert(1)</script>&amp;", "]]>", "<!--", "a|b", "a\\|b", "`a`", "``` a", "*a* _b_ ~~c~~", "<https://evil.example>",
  "www.evil.example https://evil.example mail@evil.example", "@team #1 !2 :smile: $x$", "</code></td></tr></table><img src=x onerror=alert(1)>", "\\", "| --- |", "# h", "", " ",
] as const;

/** Any of them, in any order, between any characters. */
export const hostileText = fc.array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary", maxLength: 3 })), { minLength: 1, maxLength: 3 }).map((parts) => parts.join(""));

/** Fails (one in a file, one not, one waived), unknowns, passes; with a baseline also what is unchanged and fixed. */
export function hostileReport(text: string, baseline: boolean): Report {
  const resource = { kind: "container" as const, id: text, name: text };
  const changes = { resource, title: text, message: text, element: text, fingerprint: text, remediation: { type: "manual" as const, text } };
  const waiver = { policy: text, resource: text, reason: text, owner: text, expires: text };
  const results = [
    containerFail(`fail${text}`, "x", { ...changes, severity: "critical", location: { file: text, line: 3, column: 5, endLine: 3, endColumn: 9 } }),
    containerFail(`live${text}`, "x", changes),
    containerFail(`many${text}`, "x", { ...changes, severity: "low", location: { file: `./${text}`, line: 3, column: 5, endLine: 4, endColumn: 2 } }),
    containerFail(`waived${text}`, "x", { ...changes, waiver }),
    unknownOf(`unknown${text}`, "x", text, { ...changes, resource: { kind: "container", id: null, name: null } }),
    containerFail(`pass${text}`, "x", { ...changes, status: "pass" }),
    containerFail(`none${text}`, "x", { ...changes, status: "notApplicable" }),
  ];
  const inputs: Report["inputs"] = [{
    name: text, type: "compose", files: [{ file: text, role: text }], project: text, daemon: [text, text], variables: [{ name: text, from: text }, { name: text, from: "none" }],
    profiles: [text], leftOut: [{ service: text, profiles: [text, text] }],
  }];
  const report = reportOf(results, { inputs, skipped: 2, target: { kind: "host", name: text }, sources: [{ name: text, status: "failed", detail: text }] });
  if (!baseline) return report;
  return compareWithBaseline(report, [{ ...containerFail(`pass${text}`, "x", changes), fingerprint: `gone${text}` }]);
}
