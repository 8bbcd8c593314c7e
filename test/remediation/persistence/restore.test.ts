/** What the boot runs, in a network namespace as a boot leaves it: without a rule. And what has it run. */
import { mkdtemp, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { JUMPS, renderIptablesRules } from "../../../src/remediation/firewall/iptables-rules.ts";
import { DEFAULT_LIMITS } from "../../../src/remediation/firewall/limits.ts";
import { renderNftTables } from "../../../src/remediation/firewall/nft-tables.ts";
import type { Plan, Step } from "../../../src/remediation/model.ts";
import { planPersistence } from "../../../src/remediation/persistence/plan-persistence.ts";
import { renderPlan } from "../../../src/remediation/render.ts";
import { writePlan } from "../../../src/remediation/write.ts";
import { snapshotOf } from "../../support/snapshot.ts";
import { reportOf, resultOf } from "../../support/results.ts";
import { readMachine } from "../../support/machine.ts";
import { describeWith } from "../../support/requirements.ts";
import { openSandbox, type Sandbox } from "../../support/sandbox.ts";

const BRIDGES = [{ name: "docker0", prefix: false }, { name: "br-", prefix: true }];
const common = { findings: [], notes: [], undo: "", restart: null, title: "" };
const chains = (family: "v4" | "v6", backend: "nft" | "legacy"): Step => ({
  kind: "iptables", ...common, id: family, family, backend, program: `${family === "v4" ? "iptables" : "ip6tables"}-${backend}`, limits: DEFAULT_LIMITS, before: null,
  after: renderIptablesRules(family, BRIDGES, DEFAULT_LIMITS, JUMPS),
});
const tables: Step = { kind: "nft", ...common, id: "nft", families: ["v4", "v6"], limits: DEFAULT_LIMITS, before: [], after: renderNftTables(["v4", "v6"], BRIDGES, DEFAULT_LIMITS) };
const asked = reportOf(resultOf("firewall-not-persistent", "v4", { status: "pass", remediation: { type: "firewall", text: "t", protection: "persistence" } }));
const RESTORE = "/etc/harden/firewall/restore";

describeWith({ root: true, programs: ["iptables-nft-save", "iptables-legacy-save", "nft", "shellcheck", "systemd-analyze"] }, "rules at boot", () => {
  let sandbox: Sandbox;
  let folder: string;
  beforeEach(async () => {
    sandbox = await openSandbox();
    folder = await mkdtemp("/tmp/harden-boot-");
  });
  afterEach(async () => {
    await sandbox.release();
    await rm(folder, { recursive: true });
  });

  const sh = (script: string, ...args: string[]): Promise<string> => sandbox.run("sh", "-c", script, "sh", ...args);
  const write = (services: "systemd" | "openrc", ...firewall: Step[]): void => {
    const boot = { ...snapshotOf().sources.boot, data: { loader: "systemd" as const, services, commandLine: [], sysctlFiles: [], moduleFiles: [], loadedModules: [], builtinModules: [] } };
    const { steps } = planPersistence(asked, snapshotOf({ boot }), {}, firewall);
    const plan: Plan = { schemaVersion: "1", tool: { name: "harden", version: "1" }, host: hostname(), collectedAt: "2026-01-01T00:00:00Z", policies: [], steps: [...steps], advice: [], omitted: [] };
    writePlan(folder, renderPlan(plan));
  };
  const install = async (...firewall: Step[]): Promise<void> => {
    write("systemd", ...firewall);
    await sandbox.run(join(folder, "apply.sh"), "boot");
  };
  const startEngine = (...programs: string[]): Promise<string> =>
    sh(programs.map((program) => `${program} -N DOCKER-USER; ${program} -I FORWARD -j DOCKER-USER; ${program} -A DOCKER-USER -j RETURN`).join("; "));
  const jumpsOf = (rules: string): string[] => rules.split("\n").filter((line) => / -j HARDEN-(IN|FWD)$/.test(line));

  it.each(["nft", "legacy"] as const)("stand behind %s' own, whenever the engine starts and however often", async (backend) => {
    const programs = [`iptables-${backend}`, `ip6tables-${backend}`];
    await install(chains("v4", backend), chains("v6", backend));
    expect(await sandbox.run("sh", RESTORE)).toContain("containers are not covered before the engine starts");
    expect(jumpsOf((await readMachine(sandbox, [])).rules)).toEqual(["-A INPUT -j HARDEN-IN", "-A INPUT -j HARDEN-IN"]);

    await startEngine(...programs);
    await sh(programs.map((program) => `${program} -A DOCKER-USER -p udp -j DROP; ${program} -I INPUT -p tcp --dport 22 -j ACCEPT`).join("; "));
    await sandbox.run("sh", RESTORE);
    const { rules } = await readMachine(sandbox, []);
    expect(jumpsOf(rules)).toEqual(["-A INPUT -j HARDEN-IN", "-A DOCKER-USER -j HARDEN-FWD", "-A INPUT -j HARDEN-IN", "-A DOCKER-USER -j HARDEN-FWD"]);
    expect(rules.match(/^-A (DOCKER-USER -p udp -j DROP|INPUT -p tcp .*22 -j ACCEPT)$/gm)).toHaveLength(4);
    expect(rules).toMatch(/^-A DOCKER-USER -j HARDEN-FWD\n-A DOCKER-USER -j RETURN$/m);

    await sandbox.run("sh", RESTORE);
    expect((await readMachine(sandbox, [])).rules).toBe(rules);
    await sh(programs.map((program) => `${program} -F DOCKER-USER; ${program} -A DOCKER-USER -j RETURN; ${program} -A DOCKER-USER -p udp -j DROP`).join("; "));
    await sandbox.run("sh", RESTORE);
    expect((await readMachine(sandbox, [])).rules).toBe(rules);
  });

  it("are the nft tables again, once", async () => {
    await install(tables);
    await sandbox.run("sh", RESTORE);
    const { rules } = await readMachine(sandbox, []);
    expect(rules).toMatch(/table ip harden[^]*table ip6 harden/);
    await sandbox.run("sh", RESTORE);
    expect((await readMachine(sandbox, [])).rules).toBe(rules);
  });

  it("say what failed, and restore the other family", async () => {
    await install(chains("v4", "nft"), chains("v6", "nft"));
    await sh("echo '-A NOWHERE -j DROP' >/etc/harden/firewall/v4.rules");
    const { exitCode, all } = await sandbox.attempt("sh", RESTORE);
    expect([exitCode, all]).toEqual([1, expect.stringContaining("v4: iptables-nft-restore does not take /etc/harden/firewall/v4.rules")]);
    expect(all).toContain("v6: rules restored");
  });

  it("wait for an engine that is not ready yet", async () => {
    await install(chains("v4", "nft"));
    const restored = sandbox.run("sh", RESTORE, "30");
    await startEngine("iptables-nft");
    expect(await restored).not.toContain("not covered");
    expect(jumpsOf((await readMachine(sandbox, [])).rules)).toHaveLength(2);
  });

  it("have a unit and a program without a complaint of systemd's and shellcheck's", async () => {
    await install(chains("v4", "nft"));
    expect(await sandbox.attempt("systemd-analyze", "verify", "/etc/systemd/system/harden-firewall.service")).toMatchObject({ exitCode: 0, all: "" });
    await sandbox.run("shellcheck", "-S", "style", RESTORE, join(folder, "apply.sh"), join(folder, "rollback.sh"));
  });

  it.each(["systemd", "openrc"] as const)("are installed twice as once, and leave nothing behind: %s", async (services) => {
    const places = ["/etc/harden", "/etc/systemd/system", "/etc/init.d", "/etc/runlevels"];
    const list = (): Promise<string> => sh('for place in "$@"; do find "$place" -printf "%p %l %m\\n" 2>/dev/null || :; done | sort', ...places);
    const before = await list();
    write(services, chains("v4", "nft"), tables);
    await sandbox.run(join(folder, "apply.sh"));
    const installed = await list();
    const service = services === "systemd" ? "/etc/systemd/system/multi-user.target.wants/harden-firewall.service /etc/systemd/system/harden-firewall.service 777" : "/etc/init.d/harden-firewall  755";
    expect(installed.split("\n")).toContain(service);
    await sandbox.run(join(folder, "apply.sh"), "boot");
    expect(await list()).toBe(installed);
    expect(await sandbox.run(join(folder, "rollback.sh"))).toContain("all is as it was before");
    expect(await list()).toBe(before);
  });
});
