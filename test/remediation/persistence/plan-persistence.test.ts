import { describe, expect, it } from "vitest";
import { deriveRulesets } from "../../../src/facts/ruleset.ts";
import type { Ruleset } from "../../../src/facts/model/ruleset.ts";
import type { Result } from "../../../src/policy/model/report.ts";
import { toFinding } from "../../../src/remediation/findings.ts";
import { JUMPS, renderIptablesRules } from "../../../src/remediation/firewall/iptables-rules.ts";
import { DEFAULT_LIMITS } from "../../../src/remediation/firewall/limits.ts";
import { renderNftTables } from "../../../src/remediation/firewall/nft-tables.ts";
import type { Family, IptablesStep, NftStep, PersistenceStep, Planned, Step } from "../../../src/remediation/model.ts";
import { planPersistence } from "../../../src/remediation/persistence/plan-persistence.ts";
import type { Snapshot, TextFile } from "../../../src/snapshot/model.ts";
import { kindsOf, rulesetOf } from "../facts.ts";
import { reportOf, resultOf, WAIVER } from "../../support/results.ts";
import { snapshotOf } from "../../support/snapshot.ts";

const BRIDGES = [{ name: "docker0", prefix: false }, { name: "br-", prefix: true }];
const common = { findings: [], notes: [], undo: "", restart: null, title: "" };
const rules = (family: Family, jumps = JUMPS): string => renderIptablesRules(family, BRIDGES, DEFAULT_LIMITS, jumps);
const chains = (family: Family): IptablesStep => ({
  kind: "iptables", ...common, id: family, family, backend: "nft", program: family === "v4" ? "iptables-nft" : "ip6tables-nft", limits: DEFAULT_LIMITS, before: null, after: rules(family, []),
});
const tables = (...families: Family[]): NftStep =>
  ({ kind: "nft", ...common, id: "nft", families, limits: DEFAULT_LIMITS, before: [], after: renderNftTables(families, BRIDGES, DEFAULT_LIMITS) });
const judged = (family: Family, changes: Partial<Result> = {}): Result =>
  resultOf("firewall-not-persistent", family, { status: "pass", fingerprint: family, resource: { kind: "ruleset", id: family, name: family }, remediation: { type: "firewall", text: "t", protection: "persistence" }, ...changes });
const file = (path: string, text: string): TextFile => ({ path, text, error: null });

function plan(firewall: readonly Step[], given: Parameters<typeof snapshotOf>[0] = {}, results = [judged("v4"), judged("v6")], rulesets: Ruleset[] = []): Planned & { step: PersistenceStep | undefined } {
  const planned = planPersistence(reportOf(...results), snapshotOf(given), kindsOf(...rulesets), firewall);
  const [step] = planned.steps;
  return { ...planned, step: step?.kind === "persistence" ? step : undefined };
}
const running = (text: string): NonNullable<Parameters<typeof snapshotOf>[0]> => ({
  iptables: { dumps: [{ backend: "nft", family: "v4", program: "iptables-nft-save", status: "ok", detail: null, text }] },
});

describe("planPersistence", () => {
  it("stores the planned rules with every jump, and has systemd load them behind the engine", () => {
    const { step, omitted } = plan([chains("v4"), tables("v6")]);
    expect(omitted).toEqual([]);
    expect(step?.files.map(({ path, before, executable }) => [path, before, executable])).toEqual(
      ["v4.rules", "harden.nft", "restore"].map((name) => [`/etc/harden/firewall/${name}`, null, false]).concat([["/etc/systemd/system/harden-firewall.service", null, false]]));
    expect(step?.findings.map(({ status, resource }) => [status, resource.id])).toEqual([["unknown", "v4"], ["unknown", "v6"]]);
    expect(step?.files[0]?.after).toBe(rules("v4"));
    expect(step?.files[1]?.after).toBe(renderNftTables(["v6"], BRIDGES, DEFAULT_LIMITS));
    expect(step?.files[2]?.after).toContain("\nv4='iptables-nft'\nv6=''\nnft='yes'\n");
    expect(step?.files[3]?.after).toContain("\nAfter=docker.service ");
    expect(step?.links.map(({ path }) => path)).toEqual(["docker", "multi-user"].map((name) => `/etc/systemd/system/${name}.${name === "docker" ? "service" : "target"}.wants/harden-firewall.service`));
    for (const { after } of step?.files ?? []) expect(after).not.toMatch(/^[:-].*DOCKER-(?!USER)|^:DOCKER-USER/m);
  });

  it("follows the unit that the engine really has", () => {
    const units = [file("/etc/systemd/system/snap.docker.dockerd.service", "")];
    const { step } = plan([chains("v4")], { daemon: { ...(snapshotOf().sources.daemon.data ?? fail()), units } });
    expect(step?.files.at(-1)?.after).toContain("WantedBy=snap.docker.dockerd.service multi-user.target\n");
  });

  it("is loaded before podman, by the boot alone, and leaves a Docker of the same host its unit", () => {
    const { engine } = snapshotOf().sources;
    const podman = { ...(engine.data ?? fail()), version: { Version: "4.3.1", Components: [{ Name: "Podman Engine", Version: "4.3.1" }] } };
    const { step } = plan([tables("v4")], { engine: podman });
    expect(step?.files.at(-1)?.after).toContain("\nBefore=podman.service podman-restart.service\n");
    expect([step?.files.at(-1)?.after, step?.notes].join("")).not.toMatch(/docker/i);
    expect(step?.links).toEqual([{ path: "/etc/systemd/system/multi-user.target.wants/harden-firewall.service", target: "/etc/systemd/system/harden-firewall.service" }]);
    const both = plan([chains("v4")]).step;
    const stored = (both?.files ?? []).map(({ path, after }) => file(path, after)).concat((both?.links ?? []).map(({ path }) => file(path, "[Unit]")));
    expect(plan([tables("v4")], { engine: podman, "saved-rules": stored }).step?.files.map(({ path }) => path)).toEqual(["/etc/harden/firewall/harden.nft", "/etc/harden/firewall/restore"]);
  });

  it("waits for the engine itself where OpenRC starts it", () => {
    const { step } = plan([chains("v4")], { boot: { ...(snapshotOf().sources.boot.data ?? fail()), loader: "procps", services: "openrc" } });
    expect(step?.files.at(-1)).toMatchObject({ path: "/etc/init.d/harden-firewall", executable: true, after: expect.stringContaining("/etc/harden/firewall/restore 60\n") as string });
    expect(step?.links).toEqual([{ path: "/etc/runlevels/default/harden-firewall", target: "/etc/init.d/harden-firewall" }]);
  });

  it.each([
    ["another service manager", { boot: { ...(snapshotOf().sources.boot.data ?? fail()), loader: "procps" as const, services: null } }, "neither systemd nor OpenRC"],
    ["a stored file that cannot be read", { "saved-rules": [{ path: "/etc/harden/firewall/v4.rules", text: null, error: "EACCES" }] }, "v4.rules cannot be read: EACCES"],
  ])("is left out with the reason: %s", (_, given, reason) => {
    expect(plan([chains("v4")], given)).toMatchObject({ steps: [], omitted: [{ reason: expect.stringContaining(reason) as string }] });
  });

  it("has nothing to do a second time, and puts right what is missing", () => {
    const { step } = plan([chains("v4")]);
    const stored = (step?.files ?? []).map(({ path, after }) => file(path, after));
    const links = (step?.links ?? []).map(({ path }) => file(path, "[Unit]"));
    expect(plan([chains("v4")], { "saved-rules": [...stored, ...links] }).steps).toEqual([]);
    expect(plan([chains("v4")], { "saved-rules": [...stored, ...links.slice(1)] }).step).toMatchObject({ files: [], links: [step?.links[0]] });
    const old = stored.map((one) => (one.path.endsWith("v4.rules") ? file(one.path, "old\n") : one));
    expect(plan([chains("v4")], { "saved-rules": [...old, ...links] }).step).toMatchObject({ files: [{ before: "old\n", after: rules("v4") }], links: [] });
  });

  it("stores what runs where no boot restores it, and closes the finding", () => {
    const dump = rules("v4").replace(/^-I (\S+) 1 /gm, "-A $1 ").replace(":HARDEN-BUSY", ":INPUT ACCEPT [0:0]\n:DOCKER-USER - [0:0]\n:HARDEN-BUSY");
    const [ruleset] = deriveRulesets(snapshotOf(running(dump))).resources;
    const lost = [judged("v4", { status: "fail" }), judged("v6")];
    const { step } = plan([], running(dump), lost, ruleset === undefined ? [] : [ruleset]);
    expect(step?.files[0]?.after).toBe(rules("v4"));
    expect(step?.findings.map(({ status, resource }) => [status, resource.id])).toEqual([["fail", "v4"]]);
    const after = (step?.files ?? []).map((one) => file(one.path, one.after));
    const links = (step?.links ?? []).map(({ path }) => file(path, "[Unit]"));
    const unsaved = (savedRules: TextFile[]): string[] => deriveRulesets(snapshotOf({ ...running(dump), "saved-rules": savedRules })).resources[0]?.unsaved ?? [];
    expect(unsaved(after)).not.toEqual([]);
    expect(unsaved([...after, ...links])).toEqual([]);
    expect(deriveRulesets(snapshotOf({ ...running(dump), "saved-rules": [...after, ...links] })).resources[0]?.savedDrift).toEqual([]);
  });

  it("leaves other people's rules to them", () => {
    const lost = [judged("v4", { status: "fail" })];
    expect(plan([], {}, lost, [rulesetOf("v4", { unsaved: ["filter -A INPUT -p tcp -j DROP", "filter -A INPUT -j HARDEN-IN"] })]).steps).toEqual([]);
  });

  it("stores its own beside other people's that no file holds, and does not claim that finding", () => {
    const { step } = plan([chains("v4"), tables("v6")], {}, [judged("v4", { status: "fail" }), judged("v6")], [rulesetOf("v4", { unsaved: ["filter -A INPUT -p tcp -j DROP"] })]);
    expect(step?.findings.map(({ resource }) => resource.id)).toEqual(["v6"]);
    expect(step?.files).toHaveLength(4);
    const finding = toFinding(resultOf("firewall-syn-flood-limit", "v4"));
    const alone = plan([{ ...chains("v4"), findings: [finding] }], {}, [judged("v4", { status: "fail" })], [rulesetOf("v4", { unsaved: ["filter -A INPUT -p tcp -j DROP"] })]);
    expect(alone.step?.findings).toEqual([finding]);
  });

  it.each([["not asked for", []], ["waived", [judged("v4", { waiver: WAIVER }), judged("v6", { waiver: WAIVER })]]])("does nothing where the policy is %s", (_, results) => {
    expect(plan([chains("v4")], {}, results)).toMatchObject({ steps: [], omitted: [] });
  });

  it("keeps the stored table of a family that is not planned again", () => {
    const stored: Snapshot["sources"]["saved-rules"]["data"] = [file("/etc/harden/firewall/harden.nft", renderNftTables(["v4", "v6"], BRIDGES, DEFAULT_LIMITS))];
    const limits = { ...DEFAULT_LIMITS, rate: 3 };
    const step: NftStep = { ...tables("v6"), after: renderNftTables(["v6"], BRIDGES, limits) };
    expect(plan([step], { "saved-rules": stored }).step?.files[0]?.after).toBe(renderNftTables(["v6"], BRIDGES, limits) + renderNftTables(["v4"], BRIDGES, DEFAULT_LIMITS));
  });
});

function fail(): never {
  throw new Error("no data");
}
