/** `harden scan --plan` on real engines: what the scripts do to the host, twice, and what is left when they have gone back. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Report } from "../../src/policy/model/report.ts";
import type { Plan } from "../../src/remediation/model.ts";
import { type Engine, type EngineOptions, startEngine } from "../support/engine.ts";
import { HARDEN, runHarden, scan } from "../support/harden.ts";
import { importImages, SERVE } from "../support/images.ts";
import { readMachine } from "../support/machine.ts";
import { describeWith } from "../support/requirements.ts";
import { openSandbox, type Sandbox } from "../support/sandbox.ts";

const DAEMON_JSON = '{\n\t"log-level": "warn",\n\t"labels": ["a=b"]\n}\n';

const HOSTS: readonly { name: string; options: EngineOptions; files: readonly string[] }[] = [
  { name: "engine 20.10", options: { version: "20.10" }, files: ["docker-user.rules", "harden.nft"] },
  { name: "engine 29", options: { version: "29" }, files: ["docker-user.rules", "docker-user6.rules"] },
  { name: "engine 29 with nftables", options: { version: "29", args: ["--firewall-backend=nftables"], forwardingFirst: true }, files: ["harden.nft"] },
];

for (const { name, options, files } of HOSTS) {
  describeWith({ engine: options.version, programs: ["nft", "shellcheck"] }, `the plan for ${name}`, () => {
    let engine: Engine;
    let sandbox: Sandbox;
    let folder: string;
    let plan: Plan;
    let printed: string;

    beforeAll(async () => {
      engine = await startEngine(options);
      await writeFile(join(engine.folder, "daemon.json"), DAEMON_JSON);
      await engine.inNamespace("sysctl", "-qw", "net.ipv4.tcp_syncookies=0");
      await importImages(engine);
      await engine.docker("network", "create", "-o", "com.docker.network.bridge.name=own0", "own");
      await engine.docker("run", "-d", "--name", "web", "--stop-timeout", "1", "--network", "own", "-p", "8080:80", "busybox:plain", ...SERVE);
      sandbox = await openSandbox(engine.netns);
      folder = join(await mkdtemp("/tmp/harden-plan-"), "remediation");
      const { stderr } = await runHarden(["scan", "--plan", folder, "--fail-on", "never"], engine.env);
      printed = stderr;
      plan = JSON.parse(await readFile(join(folder, "plan.json"), "utf8")) as Plan;
    });
    afterAll(async () => {
      await sandbox.release();
      await engine.stop();
      await rm(join(folder, ".."), { recursive: true });
    });

    it("has the rules for both families, by DOCKER-USER where the engine has it", async () => {
      const firewall = (await listFiles()).filter((file) => /^(?!boot).*\.(rules|nft)$/.test(file));
      expect(firewall).toEqual(files);
      for (const file of firewall) expect(await readFile(join(folder, file), "utf8")).toContain("own0");
      expect(printed).toContain(`Plan in ${folder}`);
    });

    it("leaves out what cannot be set here", () => {
      const left = plan.omitted.filter(({ what }) => what.startsWith("net.netfilter.nf_conntrack_max"));
      expect(left.every(({ reason }) => reason.includes("first network namespace"))).toBe(true);
      const set = plan.steps.flatMap((step) => (step.kind === "sysctl" ? step.changes.map(({ key }) => key) : []));
      expect(set).toContain("net.ipv4.tcp_syncookies");
      expect(set).not.toContain("net.netfilter.nf_conntrack_max");
    });

    it("merges daemon.json and does not put userns-remap in force unasked", async () => {
      const merged = await readFile(join(folder, "daemon.json"), "utf8");
      expect(JSON.parse(merged)).toMatchObject({ "log-level": "warn", labels: ["a=b"], icc: false, "no-new-privileges": true });
      expect(merged).not.toContain("userns-remap");
      expect(JSON.parse(await readFile(join(folder, "daemon-userns-remap.json"), "utf8"))).toEqual({ ...JSON.parse(merged) as object, "userns-remap": "default" });
      expect(merged.startsWith('{\n\t"log-level": "warn",\n\t"labels": ["a=b"],\n\t"')).toBe(true);
      expect(plan.steps.find(({ id }) => id === "daemon-userns-remap")).toMatchObject({ consent: expect.stringContaining("hides 1 container") as string });
    });

    it("writes scripts without a complaint of shellcheck", async () => {
      await sandbox.run("shellcheck", "-S", "style", join(folder, "apply.sh"), join(folder, "rollback.sh"));
    });

    it("does the same when applied twice, and leaves nothing when rolled back", async () => {
      const daemonFile = join(engine.folder, "daemon.json");
      const before = await readMachine(sandbox, [daemonFile]);
      const first = await sandbox.run(join(folder, "apply.sh"));
      expect(first).toContain("daemon: userns-remap left out");
      const applied = await readMachine(sandbox, [daemonFile]);
      expect(applied).not.toEqual(before);
      expect(applied.sysctls).toContain("net.ipv4.tcp_syncookies = 1");
      expect(await readFile(daemonFile, "utf8")).toBe(await readFile(join(folder, "daemon.json"), "utf8"));
      await expectFound();

      await sandbox.run(join(folder, "apply.sh"), "firewall", "sysctl", "daemon");
      expect(await readMachine(sandbox, [daemonFile])).toEqual(applied);

      expect(await sandbox.run(join(folder, "rollback.sh"))).toContain("all is as it was before");
      expect(await readMachine(sandbox, [daemonFile])).toEqual(before);
      expect(await sandbox.run(join(folder, "rollback.sh"))).toContain("nothing was applied");
      expect(await listFiles()).not.toContain("state");
    });

    it("has the rules outlast a restart of the engine and a boot", async () => {
      await sandbox.run(join(folder, "apply.sh"));
      const ours = async (): Promise<string[]> => (await readMachine(sandbox, [])).rules.split("\n").filter((line) => /HARDEN|harden/.test(line));
      const applied = await ours();
      expect(await scanInside()).not.toContainEqual(expect.stringMatching(/^firewall-(not-persistent|persisted-drift) /));
      await engine.restart();
      await sandbox.run("sh", "/etc/harden/firewall/restore");
      expect(await ours()).toEqual(applied);

      for (const program of ["iptables-nft", "ip6tables-nft"]) await sandbox.run("sh", "-c", 'for table in filter nat raw; do "$0" -t "$table" -F; "$0" -t "$table" -X; done', program);
      await sandbox.run("sh", "-c", "nft delete table ip harden; nft delete table ip6 harden; :");
      expect(await ours()).toEqual([]);
      await engine.restart();
      await sandbox.run("sh", "/etc/harden/firewall/restore");
      expect(await ours()).toEqual(applied);
      await sandbox.run(join(folder, "rollback.sh"));
      expect(await ours()).toEqual([]);
    });

    it("has rules files that work alone", async () => {
      const before = await readMachine(sandbox, []);
      for (const file of files) {
        const command = { "docker-user.rules": "iptables-nft-restore --noflush", "docker-user6.rules": "ip6tables-nft-restore --noflush" }[file] ?? "nft -f -";
        await sandbox.run("sh", "-c", `${command} <"$1"`, "sh", join(folder, file));
      }
      const { rules } = await readMachine(sandbox, []);
      expect(rules).not.toBe(before.rules);
      if (files.includes("docker-user.rules")) expect(rules).toContain("-A DOCKER-USER -j HARDEN-FWD\n");
      if (files.includes("harden.nft")) expect(rules).toContain("table ip6 harden");
    });

    /** Policies and resources that fail, with the /etc of the sandbox. */
    async function scanInside(): Promise<string[]> {
      const { stdout } = await sandbox.attempt("env", ...Object.entries(engine.env).map(([name, value]) => `${name}=${value}`), process.execPath, HARDEN, "scan", "-o", "json", "--fail-on", "never");
      const { results } = JSON.parse(stdout) as Report;
      return results.flatMap(({ status, policy, resource }) => (status === "fail" ? [`${policy} ${resource.id ?? ""}`] : []));
    }

    /** The scan afterwards no longer finds what the plan claimed, as far as it can tell. */
    async function expectFound(): Promise<void> {
      const { results } = await scan(["--fail-on", "never"], engine.env);
      const failing = results.filter(({ status }) => status === "fail").map(({ policy, resource }) => `${policy} ${resource.id ?? ""}`);
      expect(failing).not.toContain("firewall-docker-user-empty v4");
      expect(failing).not.toContain("firewall-docker-user-missing v6");
      expect(failing).not.toContain("sysctl-tcp-syncookies host:net.ipv4.tcp_syncookies");
    }

    async function listFiles(): Promise<string[]> {
      return (await sandbox.run("ls", folder)).split("\n");
    }
  });
}
