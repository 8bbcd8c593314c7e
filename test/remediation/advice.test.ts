import { describe, expect, it } from "vitest";
import { listAdvice } from "../../src/remediation/advice.ts";
import { renderAdvice } from "../../src/remediation/advice-text.ts";
import type { Plan } from "../../src/remediation/model.ts";
import { reportOf, resultOf, WAIVER } from "../support/results.ts";

const byHand = { type: "container", text: "Re-create it." } as const;
const planOf = (changes: Partial<Plan>): Plan =>
  ({ schemaVersion: "1", tool: { name: "harden", version: "1" }, host: "h", collectedAt: "t", steps: [], advice: [], omitted: [], ...changes });

describe("listAdvice", () => {
  it("groups by resource, the worst first", () => {
    const advice = listAdvice(reportOf(
      resultOf("a", "web", { remediation: byHand, severity: "low" }), resultOf("b", "web", { remediation: byHand, severity: "critical" }),
      resultOf("a", "api", { remediation: byHand, severity: "high" }),
    ));
    expect(advice.map(({ resource, items }) => [resource.id, items.map(({ finding }) => finding.policy)])).toEqual([["web", ["b", "a"]], ["api", ["a"]]]);
  });

  it("has what no script does, and no more", () => {
    const sysctl = { type: "sysctl", text: "t", set: { k: "1" } } as const;
    const firewall = { type: "firewall", text: "t" } as const;
    const advice = listAdvice(reportOf(
      resultOf("a", "host:k", { remediation: sysctl }), resultOf("b", "web:k", { remediation: sysctl }),
      resultOf("c", "v4", { remediation: { ...firewall, protection: "limits" } }), resultOf("d", "v6", { remediation: { ...firewall, protection: "persistence" } }),
      resultOf("e", "daemon", { remediation: { type: "daemon", text: "t", set: { icc: false } } }), resultOf("f", "daemon2", { remediation: { type: "daemon", text: "t", set: {} } }),
      resultOf("g", "x", { remediation: byHand, waiver: WAIVER }), resultOf("h", "x", { remediation: byHand, status: "unknown" }), resultOf("i", "x"),
    ));
    expect(advice.flatMap(({ items }) => items.map(({ finding }) => finding.policy)).sort()).toEqual(["b", "d", "f"]);
  });
});

describe("by-hand.md", () => {
  it("shows what is left out and what to do, container by container", () => {
    const advice = listAdvice(reportOf(resultOf("a", "web", { remediation: byHand })));
    const [finding] = advice[0]?.items.map((item) => item.finding) ?? [];
    const text = renderAdvice(planOf({ advice, omitted: [{ what: "k = 1", reason: "it is read-only", findings: finding === undefined ? [] : [finding] }] }));
    expect(text).toBe("# h: to be done by hand\n\n## Left out of the scripts\n\n- **k = 1**: it is read-only (a)\n\n## container web\n\n- **medium** a: message of a\n  Re-create it.\n");
  });

  it("lets no name of the audited host write Markdown, HTML or escape sequences", () => {
    const hostile = "x\n# owned\n<img src=x onerror=y>[a](http://b)\u001b]0;t\u0007`|*";
    const advice = listAdvice(reportOf(resultOf("a", hostile, { remediation: byHand, message: hostile })));
    const text = renderAdvice(planOf({ host: hostile, advice }));
    expect(text.split("\n").filter((line) => line.startsWith("#"))).toHaveLength(2);
    expect(text).not.toMatch(/[^\\][<[]/);
    expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
  });
});
