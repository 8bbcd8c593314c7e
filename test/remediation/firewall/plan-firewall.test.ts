import { describe, expect, it } from "vitest";
import type { Resource } from "../../../src/facts/resource.ts";
import type { Result } from "../../../src/policy/model/report.ts";
import { planFirewall } from "../../../src/remediation/firewall/plan-firewall.ts";
import type { Planned } from "../../../src/remediation/model.ts";
import type { DataOf, Snapshot } from "../../../src/snapshot/model.ts";
import { DAEMON, kindsOf, portOf, rulesetOf } from "../facts.ts";
import { reportOf, resultOf, WAIVER } from "../../support/results.ts";
import { snapshotOf } from "../../support/snapshot.ts";

const limits = { type: "firewall", text: "t", protection: "limits" } as const;
const flood = (family: "v4" | "v6", changes: Partial<Result> = {}): Result =>
  resultOf("firewall-syn-flood-limit", portOf(family).id, { status: "unknown", remediation: limits, ...changes });
const DUMP = "*filter\n:INPUT ACCEPT [0:0]\n:DOCKER-USER - [0:0]\nCOMMIT\n";

function dumps(text: string, backend: "nft" | "legacy" = "nft"): { iptables: DataOf<"iptables"> } {
  return { iptables: { dumps: [{ backend, family: "v4", program: `iptables-${backend}-save`, status: "ok", detail: null, text }] } };
}
function plan(results: readonly Result[], kinds: readonly Resource[], snapshot: Snapshot = snapshotOf(dumps(DUMP))): Planned {
  return planFirewall(reportOf(...results), snapshot, kindsOf(...kinds), {});
}

describe("planFirewall", () => {
  it("loads chains by the back end of Docker's where DOCKER-USER is met", () => {
    const { steps: [step], omitted } = plan([flood("v4")], [portOf("v4"), rulesetOf("v4", { backend: "legacy" })], snapshotOf(dumps(DUMP, "legacy")));
    expect(step).toMatchObject({ kind: "iptables", id: "firewall-v4", program: "iptables-legacy", before: null });
    expect(step?.findings).toEqual([expect.objectContaining({ policy: "firewall-syn-flood-limit", status: "unknown", fingerprint: `firewall-syn-flood-limit ${portOf("v4").id}` })]);
    expect(step?.kind === "iptables" && step.after.match(/^-I .*/gm)).toEqual(["-I INPUT 1 -j HARDEN-IN", "-I DOCKER-USER 1 -j HARDEN-FWD"]);
    expect(omitted).toEqual([]);
  });

  it("leaves out the jumps that stand already, and shows our rules as they are", () => {
    const text = DUMP.replace("COMMIT", ":HARDEN-IN - [0:0]\n[5:300] -A INPUT -j HARDEN-IN\n[0:0] -A INPUT -p tcp -j ACCEPT\n[1:2] -A HARDEN-IN -i lo -j RETURN\nCOMMIT");
    const { steps: [step] } = plan([flood("v4")], [portOf("v4"), rulesetOf("v4")], snapshotOf(dumps(text)));
    expect(step?.kind === "iptables" && step.after.match(/^-I .*/gm)).toEqual(["-I DOCKER-USER 1 -j HARDEN-FWD"]);
    expect(step?.kind === "iptables" && step.before).toBe("-A INPUT -j HARDEN-IN\n-A HARDEN-IN -i lo -j RETURN\n");
  });

  it("makes own tables where there is no DOCKER-USER, one step for both families", () => {
    const missing = resultOf("firewall-docker-user-missing", "v6", { remediation: { ...limits, protection: "docker-user" } });
    const { steps } = plan([flood("v4"), missing], [portOf("v4"), rulesetOf("v4", { backend: "nftables", unknown: { "/dockerUser": "native" } }), rulesetOf("v6", { reached: false })]);
    expect(steps).toHaveLength(1);
    expect(steps[0]).toMatchObject({ kind: "nft", id: "firewall-nft-v4-v6", families: ["v4", "v6"], before: [] });
    expect(steps[0]?.findings.map(({ policy }) => policy)).toEqual(["firewall-syn-flood-limit", "firewall-docker-user-missing"]);
  });

  it("says which own tables it replaces", () => {
    const nftables = { nftables: [{ metainfo: {} }, { table: { family: "ip6", name: "harden" } }] };
    const { steps: [step] } = plan([flood("v6")], [portOf("v6"), rulesetOf("v6", { reached: false })], snapshotOf({ nftables }));
    expect(step).toMatchObject({ kind: "nft", before: ["v6"] });
  });

  it.each([
    ["only loopback is published", [flood("v4")], [portOf("v4", true), rulesetOf("v4")]],
    ["it is waived", [flood("v4", { waiver: WAIVER })], [portOf("v4"), rulesetOf("v4")]],
    ["nothing is at fault", [flood("v4", { status: "pass" })], [portOf("v4"), rulesetOf("v4")]],
    ["only the rules' persistence fails", [resultOf("firewall-not-persistent", "v4", { remediation: { ...limits, protection: "persistence" } })], [rulesetOf("v4")]],
  ] as const)("plans nothing where %s", (_, results, kinds) => {
    expect(plan(results, [...kinds])).toEqual({ steps: [], omitted: [] });
  });

  const absent = { status: "absent", detail: "nft is not installed", data: null } as const;
  it.each([
    ["the rules may not be read", [rulesetOf("v4", { unknown: { "": "the rules may not be read without root" } })], snapshotOf(), "without root"],
    ["the rule set was not derived", [], snapshotOf(), "was not read"],
    ["there is neither DOCKER-USER nor nft", [rulesetOf("v4", { reached: false })], snapshotOf({ nftables: absent }), "install nftables"],
    ["the engine is rootless", [rulesetOf("v4")], snapshotOf({ daemon: { ...DAEMON, rootless: true } }), "rootless"],
  ])("leaves it out, with the reason, where %s", (_, kinds, snapshot, reason) => {
    const { steps, omitted } = plan([flood("v4")], [portOf("v4"), ...kinds], snapshot);
    expect(steps).toEqual([]);
    expect(omitted).toEqual([{ what: "firewall rules v4", reason: expect.stringContaining(reason) as string, findings: [expect.anything()] }]);
  });
});
