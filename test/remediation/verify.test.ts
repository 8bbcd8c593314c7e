/** What became of the findings that a plan claimed. */
import { expect, it } from "vitest";
import type { Finding } from "../../src/remediation/model.ts";
import { verifyPlan } from "../../src/remediation/verify.ts";
import { reportOf } from "../support/report.ts";
import { resultOf } from "../support/policy.ts";
import { WAIVER } from "../support/results.ts";
import { iptablesStep, planOf, sysctlStep } from "../support/steps.ts";

const finding = (fingerprint: string): Finding =>
  ({ policy: "p", status: "fail", severity: "high", resource: { kind: "sysctl", id: fingerprint, name: null }, element: null, fingerprint });

it("each is closed, or said to be still open, once", () => {
  const plan = planOf([{ ...iptablesStep("v4", "nft"), findings: ["gone", "passes", "fails"].map(finding) }, { ...sysctlStep({}), findings: ["unknown", "waived", "fails"].map(finding) }]);
  const after = reportOf([
    resultOf({ fingerprint: "passes", status: "pass" }),
    resultOf({ fingerprint: "fails", status: "fail", message: "still so" }),
    resultOf({ fingerprint: "unknown", status: "unknown", message: "cannot be told" }),
    resultOf({ fingerprint: "waived", status: "fail", waiver: WAIVER }),
    resultOf({ fingerprint: "other", status: "fail" }),
  ]);
  const { closed, open } = verifyPlan(plan, after);
  expect(closed.map(({ fingerprint }) => fingerprint)).toEqual(["gone", "passes", "waived"]);
  expect(open.map(({ finding: { fingerprint }, message }) => [fingerprint, message])).toEqual([["fails", "still so"], ["unknown", "cannot be told"]]);
});

it("none is closed where the source of its policy could not be read afterwards", () => {
  const plan = planOf([{ ...iptablesStep("v4", "nft"), findings: [finding("one"), { ...finding("other"), policy: "q" }] }]);
  const after = reportOf([resultOf({ policy: "p", fingerprint: "none", status: "unknown", message: "the rules cannot be read", resource: { kind: "sysctl", id: null, name: null } })]);
  const { closed, open } = verifyPlan(plan, after);
  expect([closed.map(({ policy }) => policy), open.map(({ finding: { policy }, message }) => [policy, message])]).toEqual([["q"], [["p", "the rules cannot be read"]]]);
});

it("none is closed where the list that it stood in could not be seen afterwards", () => {
  const at = (id: string): Finding["resource"] => ({ kind: "host", id, name: id });
  const plan = planOf([{ ...iptablesStep("v4", "nft"), findings: [{ ...finding("one"), resource: at("host"), element: "/etc/docker/daemon.json" }, { ...finding("two"), resource: at("other"), element: "x" }] }]);
  const after = reportOf([
    resultOf({ policy: "p", fingerprint: "unseen", status: "unknown", message: "the files cannot be seen", resource: at("host"), element: null }),
    // One of its other elements cannot be told: that says nothing of this one.
    resultOf({ policy: "p", fingerprint: "another", status: "unknown", resource: at("other"), element: "y" }),
  ]);
  const { closed, open } = verifyPlan(plan, after);
  expect([closed.map(({ fingerprint }) => fingerprint), open.map(({ finding: { fingerprint }, message }) => [fingerprint, message])]).toEqual([["two"], [["one", "the files cannot be seen"]]]);
});
