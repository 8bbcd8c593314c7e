import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { makePlan, writePlanFiles } from "../../src/remediation/files.ts";
import { Plan } from "../../src/remediation/model.ts";
import { buildPlan } from "../../src/remediation/plan.ts";
import { kindsOf, portOf, rulesetOf, sysctlOf } from "./facts.ts";
import { reportOf, resultOf } from "../support/results.ts";
import { snapshotOf } from "../support/snapshot.ts";

const COOKIES = "net.ipv4.tcp_syncookies";
const report = reportOf(
  resultOf("daemon-icc", "daemon", { remediation: { type: "daemon", text: "t", set: { icc: false } } }),
  resultOf("sysctl-tcp-syncookies", `host:${COOKIES}`, { remediation: { type: "sysctl", text: "t", set: { [COOKIES]: "1" } } }),
  resultOf("firewall-docker-user-empty", "v4", { remediation: { type: "firewall", text: "t", protection: "limits" } }),
  resultOf("firewall-docker-user-missing", "v6", { remediation: { type: "firewall", text: "t", protection: "docker-user" } }),
  resultOf("container-privileged", "web", { remediation: { type: "container", text: "t" } }),
);
const kinds = kindsOf(portOf("v4"), portOf("v6"), rulesetOf("v4"), rulesetOf("v6", { reached: false }), sysctlOf(COOKIES, "0"));

describe("buildPlan", () => {
  it("orders firewall, sysctls, daemon, keeps the rest as advice, and is valid by its schema", () => {
    const plan = buildPlan(report, snapshotOf(), kinds, { "firewall-connection-limit": { connections: 7 } });
    expect(plan.steps.map(({ id, findings }) => [id, findings.map(({ policy }) => policy)])).toEqual([
      ["firewall-v4", ["firewall-docker-user-empty"]], ["firewall-nft-v6", ["firewall-docker-user-missing"]],
      ["sysctl", ["sysctl-tcp-syncookies"]], ["daemon", ["daemon-icc"]],
    ]);
    expect(plan.steps.map((step) => ("limits" in step ? step.limits.connections : null))).toEqual([7, 7, null, null]);
    expect(plan.advice.map(({ policy, items }) => [policy, items.map(({ resource }) => resource.id)])).toEqual([["container-privileged", ["web"]]]);
    expect([plan.host, plan.collectedAt]).toEqual(["test-host", "2026-01-01T00:00:00.000Z"]);
    const ajv = new Ajv({ allErrors: true });
    expect([ajv.validate(Plan, JSON.parse(JSON.stringify(plan))), ajv.errors]).toEqual([true, null]);
  });

  it("says once what is to be done for a thousand ports, and of each port no more than which it is", () => {
    const text = "Publish the port on the one address that needs it.";
    const measure = (ports: number): number => {
      const results = Array.from({ length: ports }, (_, index) => resultOf("firewall-port-reachable-from-any", `v4 0.0.0.0:${String(10_000 + index)}/tcp → web:80`, { message: "any machine reaches it", remediation: { type: "manual", text } }));
      const written = JSON.stringify(buildPlan(reportOf(...results), snapshotOf(), kinds));
      expect(written.split(text)).toHaveLength(2);
      return written.length;
    };
    const [one = 0, two = 0, thousand = 0] = [1, 2, 1000].map(measure);
    expect(thousand).toBe(one + 999 * (two - one));
    expect(two - one).toBeLessThan(300);
  });

  it("has nothing to do where nothing fails", () => {
    expect(buildPlan(reportOf(), snapshotOf(), kinds)).toMatchObject({ steps: [], advice: [], omitted: [] });
  });
});

describe("writePlanFiles", () => {
  const base = mkdtempSync(join(tmpdir(), "harden-plan-"));

  it("writes the same bytes for the same input and says what to do next", () => {
    try {
      const folder = join(base, "a");
      const said = writePlanFiles(folder, makePlan(report, snapshotOf(), kinds));
      const read = (): string[] => readdirSync(folder).sort().map((name) => `${name}\n${readFileSync(join(folder, name), "utf8")}`);
      expect(readdirSync(folder).sort()).toEqual([
        "apply.sh", "daemon.json", "docker-user.rules", "harden.nft", "plan.json", "plan.md", "rollback.sh", "sysctl.conf",
      ]);
      const first = read();
      expect(writePlanFiles(folder, makePlan(report, snapshotOf(), kinds))).toBe(said);
      expect(read()).toEqual(first);
      expect(said).toMatch(/^Plan in .*: 4 steps\n/);
      expect(said).toContain("1 finding to be mended by hand");
      expect(said).toContain(`then run ${folder}/apply.sh`);
    } finally {
      rmSync(base, { recursive: true });
    }
  });

  it("derives the kinds that it needs and was not given", () => {
    const folder = mkdtempSync(join(tmpdir(), "harden-plan-"));
    try {
      expect(writePlanFiles(folder, makePlan(report, snapshotOf(), {}))).toContain("Set icc in /etc/docker/daemon.json");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
