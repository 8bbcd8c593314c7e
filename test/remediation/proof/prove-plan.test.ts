/** The proof of a plan: on recorded hosts of every engine all that a plan claims is closed, and what is not is not claimed. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { deriveFacts } from "../../../src/facts/derive.ts";
import { builtinPolicies } from "../../../src/policy/builtin.ts";
import { compilePolicy } from "../../../src/policy/compile.ts";
import { evaluatePolicies } from "../../../src/policy/evaluate.ts";
import type { Result } from "../../../src/policy/model/report.ts";
import { Plan, type Proof } from "../../../src/remediation/model.ts";
import { buildPlan, PLAN_KINDS } from "../../../src/remediation/plan.ts";
import { provePlan } from "../../../src/remediation/proof/prove-plan.ts";
import { describeProof } from "../../../src/remediation/proof/words.ts";
import type { Snapshot } from "../../../src/snapshot/model.ts";
import { reportOf } from "../../support/results.ts";

const FIXTURES = new URL("../../fixtures/", import.meta.url);
const DEMO = JSON.parse(readFileSync(new URL("snapshots/demo-host.json", FIXTURES), "utf8")) as Snapshot;
const POLICIES = builtinPolicies().filter(({ remediation }) => ["firewall", "sysctl", "daemon"].includes(remediation.type)).map((policy) => compilePolicy(policy));

function proveOn(snapshot: Snapshot, change: (results: Result[]) => Result[] = (results) => results): { readonly proof: Proof; readonly plan: Plan; readonly claimed: Plan } {
  const kinds = deriveFacts(snapshot, PLAN_KINDS);
  const claimed = buildPlan(reportOf(...change(evaluatePolicies(POLICIES, kinds))), snapshot, kinds);
  const plan = provePlan(claimed, snapshot, kinds, POLICIES);
  if (plan.proof === undefined) throw new Error("no proof");
  return { proof: plan.proof, plan, claimed };
}

function countClaims({ steps }: Plan): number {
  return steps.reduce((sum, { findings }) => sum + findings.length, 0);
}

/** `denied v4 input HARDEN-TCP 1`. */
function sayChanges({ changes }: Proof): string[] {
  return changes.items.map(({ kind, family, hook, packet }) => `${kind} ${family} ${hook ?? "routing"} ${packet.replace(/ from.*/, "")}`).sort();
}

describe("provePlan", () => {
  const { proof, plan, claimed } = proveOn(DEMO);

  it("finds everything closed that the steps claim, and the plan valid by its schema", () => {
    expect(countClaims(claimed)).toBeGreaterThan(30);
    expect([proof.unproved, proof.stillOpen, countClaims(plan)]).toEqual([null, { items: [], more: 0 }, countClaims(claimed)]);
    const ajv = new Ajv({ allErrors: true });
    expect([ajv.validate(Plan, JSON.parse(JSON.stringify(plan))), ajv.errors]).toEqual([true, null]);
  });

  it("says which packets fare differently: scans dropped, connections limited, nothing newly let through", () => {
    const scans = ["without flags", "FIN,SYN", "SYN,RST", "FIN,PSH,URG", "FIN,SYN,RST,PSH,ACK,URG"].flatMap((flags) => ["v4", "v6"].map((family) => `denied ${family} input tcp ${flags}`));
    const limits = ["v4 input", "v4 forward", "v6 input"].flatMap((where) => ["ACK", "SYN", "SYN"].map((flags) => `limited ${where} tcp ${flags}`));
    expect(sayChanges(proof).filter((change) => !change.includes("routing"))).toEqual([...scans, ...limits].sort());
    expect(proof.containers).toEqual([]);
    const lines = describeProof(proof).flatMap((section) => section.lines);
    expect(lines.filter((line, index) => lines.indexOf(line) !== index)).toEqual([]);
  });

  it("leaves every published port as reachable as it is, and would tell what a step takes from visitors", () => {
    expect(proof.ports).toEqual({ kept: 6, unknown: 0, changed: { items: [], more: 0 } });
    const off = claimed.steps.map((step) => (step.kind === "daemon" ? { ...step, changes: [...step.changes, { key: "userland-proxy", before: null, after: "false", reload: false }] } : step));
    const { kept, changed } = provePlan({ ...claimed, steps: off }, DEMO, deriveFacts(DEMO, PLAN_KINDS), POLICIES).proof?.ports ?? {};
    expect([kept, changed?.items.map(({ port, before, after }) => `${port}: ${before} → ${after}`)]).toEqual([3, [443, 5432, 80].map((port) => expect.stringMatching(new RegExp(`^v6 \\[::\\]:${String(port)}/tcp .* any source → from nowhere$`)) as unknown)]);
  });

  it("claims no more what the rules would leave open, and says why", () => {
    const shallow = { ...claimed, steps: claimed.steps.map((step) => (step.kind === "iptables" && step.family === "v4" ? { ...step, after: step.after.replace(/^-A HARDEN-TCP .*connlimit.*\n/m, "") } : step)) };
    const kinds = deriveFacts(DEMO, PLAN_KINDS);
    const { steps, proof: found } = provePlan(shallow, DEMO, kinds, POLICIES);
    expect(found?.stillOpen.items.length).toBeGreaterThan(0);
    expect(new Set(found?.stillOpen.items.map(({ step, finding }) => `${step} ${finding.policy}`))).toEqual(new Set(["firewall-v4 firewall-connection-limit"]));
    expect(steps.flatMap((step) => (step.id === "firewall-v4" ? step.findings.map(({ policy }) => policy) : []))).not.toContain("firewall-connection-limit");
    expect(found === undefined ? [] : describeProof(found)[0]?.lines[0]).toMatch(/^firewall-v4: firewall-connection-limit on v4 /);
  });

  it("leaves the plan made for the same policies, also where one is claimed no more: a saved plan is made again from them", () => {
    const shallow = { ...claimed, steps: claimed.steps.map((step) => (step.kind === "iptables" ? { ...step, after: step.after.replace(/^-A HARDEN-TCP .*connlimit.*\n/m, "") } : step)) };
    const proved = provePlan(shallow, DEMO, deriveFacts(DEMO, PLAN_KINDS), POLICIES);
    expect(proved.steps.flatMap(({ findings }) => findings.map(({ policy }) => policy))).not.toContain("firewall-connection-limit");
    expect(proved.policies).toContain("firewall-connection-limit");
  });

  it("says so where it cannot judge", () => {
    const broken = { ...DEMO, sources: { ...DEMO.sources, iptables: { ...DEMO.sources.iptables, data: { dumps: (DEMO.sources.iptables.data?.dumps ?? []).map((dump) => ({ ...dump, text: "*filter\n" })) } } } };
    const found = provePlan(claimed, broken, {}, POLICIES).proof;
    expect(found?.unproved).toContain("ends without COMMIT");
    expect(found === undefined ? [] : describeProof(found).map(({ heading }) => heading)).toEqual(["Not proved"]);
  });

  it.each(["20.10-default", "25-no-icc", "27-default", "28-default", "29-no-proxy", "29-nftables"].map((name) => `${name}.json.gz`))("closes what it claims on %s", { timeout: 60_000 }, (name) => {
    const recorded = JSON.parse(gunzipSync(readFileSync(new URL(`exposure/${name}`, FIXTURES))).toString()) as { snapshot: Snapshot };
    const found = proveOn(recorded.snapshot).proof;
    // Values that these recordings leave out stay unknown.
    const unrecorded = found.stillOpen.items.filter(({ reason }) => !reason.includes("not recorded"));
    expect([found.unproved, unrecorded, found.containers]).toEqual([null, [], []]);
    expect(new Set(found.changes.items.map(({ kind }) => kind))).toEqual(new Set(["denied", "limited"]));
  });
});
