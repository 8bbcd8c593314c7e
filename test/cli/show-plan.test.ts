import { expect, test } from "vitest";
import { showPlan } from "../../src/cli/apply/show-plan.ts";
import { renderNftTables } from "../../src/remediation/firewall/nft-tables.ts";
import type { Plan } from "../../src/remediation/model.ts";

const limits = { rate: 1, burst: 2, connections: 3, logRate: 4 };

test("the plan shows nft's file as it is indented, and what a terminal would act upon by its number", () => {
  const after = renderNftTables(["v4"], [], limits);
  expect(after).toContain("\t\t");
  const plan: Plan = {
    schemaVersion: "1", tool: { name: "harden", version: "1" }, host: "h\u001b[2J", collectedAt: "t", policies: [], advice: [], omitted: [],
    steps: [{ kind: "nft", id: "nft", title: "Limit", findings: [], notes: [], undo: "back", restart: null, families: ["v4"], limits, before: [], after }],
  };
  const shown = showPlan(plan);
  expect(shown).toMatch(/^Plan for h\\u\{1b\}\[2J\n/);
  expect(shown).not.toContain("\\u{9}");
  for (const line of after.trimEnd().split("\n")) expect(shown).toContain(`     + ${line.replaceAll("\t", "    ")}\n`);
});

test("what is to be done by hand is counted within 80 columns", () => {
  const item = { severity: "high", message: "runs privileged", resource: { kind: "container", id: "c", name: "c" }, element: null, fingerprint: "f" } as const;
  const plan: Plan = {
    schemaVersion: "1", tool: { name: "harden", version: "1" }, host: "h", collectedAt: "t", policies: [], steps: [], omitted: [], advice: [{ policy: "container-privileged", text: "Remove it.", items: [item, item] }],
  };
  expect(showPlan(plan).trimEnd().split("\n").slice(-2)).toEqual(["2 findings to be mended by hand: harden scan --plan DIR tells how, and writes", "patches for compose files"]);
});
