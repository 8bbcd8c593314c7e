import { describe, expect, it } from "vitest";
import { listAdvice } from "../../src/remediation/advice.ts";
import type { Step } from "../../src/remediation/model.ts";
import { toFinding } from "../../src/remediation/findings.ts";
import { reportOf, resultOf, WAIVER } from "../support/results.ts";

const byHand = { type: "container", text: "Re-create it." } as const;

describe("listAdvice", () => {
  it("groups by remedy, the worst first", () => {
    const advice = listAdvice(reportOf(
      resultOf("a", "web", { remediation: byHand, severity: "low" }), resultOf("b", "web", { remediation: byHand, severity: "critical" }),
      resultOf("a", "api", { remediation: byHand, severity: "high" }), resultOf("a", "db", { remediation: { ...byHand, text: "Leave it." }, severity: "low" }),
    ), []);
    expect(advice.map(({ policy, text, items }) => [policy, text, items.map(({ severity, resource }) => `${severity} ${String(resource.id)}`)])).toEqual([
      ["b", "Re-create it.", ["critical web"]], ["a", "Re-create it.", ["high api", "low web"]], ["a", "Leave it.", ["low db"]],
    ]);
  });

  it("has what no script does, and no more", () => {
    const sysctl = { type: "sysctl", text: "t", set: { k: "1" } } as const;
    const firewall = { type: "firewall", text: "t" } as const;
    const advice = listAdvice(reportOf(
      resultOf("a", "host:k", { remediation: sysctl }), resultOf("b", "web:k", { remediation: sysctl }),
      resultOf("c", "v4", { remediation: { ...firewall, protection: "limits" } }), resultOf("d", "v6", { remediation: { ...firewall, protection: "persistence" } }),
      resultOf("e", "daemon", { remediation: { type: "daemon", text: "t", set: { icc: false } } }), resultOf("f", "daemon2", { remediation: { type: "daemon", text: "t", set: {} } }),
      resultOf("g", "x", { remediation: byHand, waiver: WAIVER }), resultOf("h", "x", { remediation: byHand, status: "unknown" }), resultOf("i", "x"),
    ), []);
    expect(advice.map(({ policy }) => policy).sort()).toEqual(["b", "d", "f"]);
  });

  it("leaves out what a step closes", () => {
    const [open, closed] = ["v4", "v6"].map((id) => resultOf("d", id, { fingerprint: id, remediation: { type: "firewall", text: "t", protection: "persistence" } }));
    if (open === undefined || closed === undefined) throw new Error("no results");
    const step: Step = { kind: "persistence", id: "p", title: "", notes: [], undo: "", restart: null, files: [], links: [], findings: [toFinding(closed)] };
    expect(listAdvice(reportOf(open, closed), [step]).flatMap(({ items }) => items.map(({ resource }) => resource.id))).toEqual(["v4"]);
  });
});
