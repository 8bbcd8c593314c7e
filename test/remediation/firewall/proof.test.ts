/** The plan's rules, loaded by the kernel's own tools beside Docker's: what they claim to close is closed, and visitors still get in. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { deriveFacts } from "../../../src/facts/derive.ts";
import type { Port } from "../../../src/facts/model/port.ts";
import { builtinPolicies } from "../../../src/policy/builtin.ts";
import { compilePolicy } from "../../../src/policy/compile.ts";
import { evaluatePolicies } from "../../../src/policy/evaluate.ts";
import { JUMPS, renderIptablesRules } from "../../../src/remediation/firewall/iptables-rules.ts";
import { DEFAULT_LIMITS } from "../../../src/remediation/firewall/limits.ts";
import type { Snapshot } from "../../../src/snapshot/model.ts";
import { describeWith } from "../../support/requirements.ts";

const RECORDED = new URL("../../fixtures/snapshots/demo-host.json", import.meta.url);
const BRIDGES = [{ name: "docker0", prefix: false }, { name: "br-", prefix: true }];
/** Whose remediation is the plan's rule set. */
const CLAIMED = ["firewall-syn-flood-limit", "firewall-connection-limit", "firewall-null-scan", "firewall-xmas-scan", "firewall-drop-logging", "firewall-docker-user-empty"];

describeWith({ root: true, programs: ["unshare", "iptables-nft-restore", "ip6tables-nft-restore"] }, "the plan's rules on a recorded host", () => {
  const before = JSON.parse(readFileSync(RECORDED, "utf8")) as Snapshot;

  it("close every finding that they claim to, and no port", () => {
    const after = withPlan(before);
    const failing = (snapshot: Snapshot): string[] => judge(snapshot).filter(({ status }) => status !== "pass" && status !== "notApplicable").map(({ policy, status, resource }) => `${status} ${policy} ${resource.id ?? ""}`);
    expect(failing(before).length).toBeGreaterThan(10);
    expect(failing(after)).toEqual([]);
    const open = (snapshot: Snapshot): unknown => (deriveFacts(snapshot, ["port"]).port?.resources as readonly Port[]).map(({ id, reachable, reachableFromAny, reachableFrom }) => [id, reachable, reachableFromAny, reachableFrom]);
    expect(open(after)).toEqual(open(before));
  });

  it("do not hit what containers open, nor the answers to it", () => {
    const ids = ["firewall-limit-hits-egress", "firewall-established-dropped", "firewall-dead-rule", "firewall-unanalysable"];
    const found = judge(withPlan(before), ids).filter(({ status }) => status === "fail" || status === "unknown");
    expect(found.map(({ policy, message }) => `${policy}: ${message}`)).toEqual([]);
  });
});

function judge(snapshot: Snapshot, ids: readonly string[] = CLAIMED) {
  const compiled = builtinPolicies().filter(({ id }) => ids.includes(id)).map((policy) => compilePolicy(policy));
  return evaluatePolicies(compiled, deriveFacts(snapshot, compiled.map(({ policy }) => policy.target)));
}

/** The snapshot as it would be taken afterwards: nft's view of iptables' tables is left out, since iptables-save tells it. */
function withPlan(snapshot: Snapshot): Snapshot {
  const dumps = (snapshot.sources.iptables.data?.dumps ?? []).map((dump) => (dump.backend === "nft" && dump.text !== null ? { ...dump, text: load(dump.text, dump.family) } : dump));
  return { ...snapshot, sources: { ...snapshot.sources, iptables: { ...snapshot.sources.iptables, data: { dumps } }, nftables: { status: "absent", detail: "nft is not installed", data: null } } };
}

function load(dump: string, family: "v4" | "v6"): string {
  const tool = family === "v4" ? "iptables-nft" : "ip6tables-nft";
  const rules = renderIptablesRules(family, BRIDGES, DEFAULT_LIMITS, JUMPS);
  const script = `printf '%s' "$1" | ${tool}-restore && printf '%s' "$2" | ${tool}-restore --noflush && ${tool}-save`;
  return execFileSync("unshare", ["-n", "sh", "-c", script, "sh", dump, rules], { encoding: "utf8" });
}
