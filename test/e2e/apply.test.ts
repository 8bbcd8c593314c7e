/** `harden apply` and `harden rollback` on real engines: what is done, done again, refused, and left when it has gone back. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Plan } from "../../src/remediation/model.ts";
import { type Engine, type EngineOptions, startEngine } from "../support/engine.ts";
import { HARDEN } from "../support/harden.ts";
import { importImages, SERVE } from "../support/images.ts";
import { readMachine } from "../support/machine.ts";
import { describeWith } from "../support/requirements.ts";
import { openSandbox, type Outcome, type Sandbox } from "../support/sandbox.ts";

/** `rules`: what the machine's rules hold afterwards. */
const HOSTS: readonly { name: string; options: EngineOptions; rules: readonly string[] }[] = [
  { name: "engine 20.10", options: { version: "20.10" }, rules: ["-A DOCKER-USER -j HARDEN-FWD\n", "table ip6 harden"] },
  { name: "engine 29", options: { version: "29" }, rules: ["-A DOCKER-USER -j HARDEN-FWD\n"] },
  { name: "engine 29 with nftables", options: { version: "29", args: ["--firewall-backend=nftables"], forwardingFirst: true }, rules: ["table ip harden", "table ip6 harden"] },
];
/** What is for other tests: the engine itself, its containers. */
const KINDS = ["iptables", "nft", "sysctl"];

for (const { name, options, rules } of HOSTS) {
  describeWith({ engine: options.version, programs: ["nft"] }, `harden apply on ${name}`, () => {
    let engine: Engine;
    let sandbox: Sandbox;
    let folder: string;

    beforeAll(async () => {
      engine = await startEngine(options);
      await engine.inNamespace("sysctl", "-qw", "net.ipv4.tcp_syncookies=0");
      await importImages(engine);
      await engine.docker("run", "-d", "--name", "web", "-p", "8080:80", "busybox:plain", ...SERVE);
      sandbox = await openSandbox(engine.netns);
      folder = await mkdtemp("/tmp/harden-apply-");
      await harden("scan", "--plan", join(folder, "plan"), "--fail-on", "never");
      only = [...new Set((await readPlan()).steps.flatMap(({ findings }) => findings.map(({ policy }) => policy)))].flatMap((policy) => ["--only", policy]);
    });
    afterAll(async () => {
      await sandbox.release();
      await engine.stop();
      await rm(folder, { recursive: true });
    });

    const harden = (...args: string[]): Promise<Outcome> =>
      sandbox.attempt("env", ...Object.entries(engine.env).map(([key, value]) => `${key}=${value}`), process.execPath, HARDEN, ...args);
    let only: readonly string[] = [];

    /** The saved plan, of the kinds that are meant here. */
    async function readPlan(): Promise<Plan> {
      const plan = JSON.parse(await readFile(join(folder, "plan/plan.json"), "utf8")) as Plan;
      return { ...plan, steps: plan.steps.filter(({ kind }) => KINDS.includes(kind)) };
    }

    it("shows the plan and changes nothing in a dry run, and without a terminal or --yes", async () => {
      const before = await readMachine(sandbox, ["/var/lib/harden"]);
      const dry = await harden("apply", "--dry-run", ...only);
      expect([dry.exitCode, dry.stdout]).toEqual([0, expect.stringContaining("net.ipv4.tcp_syncookies: 0 → 1")]);
      const mute = await harden("--apply", ...only);
      expect([mute.exitCode, mute.all]).toEqual([2, expect.stringContaining("there is no terminal to ask on")]);
      expect(await readMachine(sandbox, ["/var/lib/harden"])).toEqual(before);
    });

    it("does it, finds nothing to do the second time, and goes back", async () => {
      const before = await readMachine(sandbox, []);
      const done = await harden("apply", "--yes", ...only);
      expect([done.exitCode, done.all]).toEqual([0, expect.stringMatching(/^Applied: \d+ findings closed, 0 still open\.$/m)]);
      const applied = await readMachine(sandbox, []);
      for (const rule of rules) expect(applied.rules).toContain(rule);
      expect(applied.sysctls).toContain("net.ipv4.tcp_syncookies = 1");
      const again = await harden("apply", "--yes", ...only);
      expect([again.exitCode, again.all]).toEqual([0, expect.stringContaining("Nothing to do")]);
      expect(await readMachine(sandbox, [])).toEqual(applied);
      const back = await harden("rollback", "--yes");
      expect([back.exitCode, back.all]).toEqual([0, expect.stringContaining("everything is as it was before")]);
      expect(await readMachine(sandbox, [])).toEqual(before);
      expect((await harden("rollback", "--yes")).stdout).toBe("Nothing to take back.");
    });

    it("keeps both reports, for root alone", async () => {
      const listed = await harden("rollback", "--list");
      const [, id = ""] = /^(\S+) {2}undone /m.exec(listed.stdout) ?? [];
      const journal = `/var/lib/harden/journal/${id}`;
      const statuses = await sandbox.run("sh", "-c", `for file in before after; do node -e 'const {results} = JSON.parse(require("fs").readFileSync("'${journal}'/'$file'.json")); console.log(results.filter(({policy, status}) => policy === "sysctl-tcp-syncookies" && status === "fail").length)'; done`);
      expect(statuses).toBe("1\n0");
      expect(await sandbox.run("stat", "-c", "%a %U", "/var/lib/harden", journal, `${journal}/before.json`)).toBe("700 root\n700 root\n600 root");
    });

    it("carries a saved plan out, and refuses it once the host is another", async () => {
      const file = join(folder, "chosen.json");
      const plan = await readPlan();
      await writeFile(file, JSON.stringify(plan));
      const before = await readMachine(sandbox, []);
      await sandbox.run("sysctl", "-qw", "net.ipv4.tcp_syncookies=2");
      const changed = await harden("apply", file, "--yes");
      expect([changed.exitCode, changed.all]).toEqual([2, expect.stringMatching(/the host has changed since the plan was made(.|\n)*planned on .*, now /)]);
      await sandbox.run("sysctl", "-qw", "net.ipv4.tcp_syncookies=0");
      expect(await readMachine(sandbox, [])).toEqual(before);
      const done = await harden("apply", file, "--yes");
      expect([done.exitCode, done.all]).toEqual([done.all.includes(" 0 still open.") ? 0 : 1, expect.stringContaining("Applied: ")]);
      const again = await harden("apply", file, "--yes");
      expect([again.exitCode, again.all]).toEqual([0, expect.stringContaining("Nothing to do")]);
      expect((await harden("rollback", "--yes")).exitCode).toBe(0);
      expect(await readMachine(sandbox, [])).toEqual(before);
      await writeFile(file, JSON.stringify({ ...plan, host: "elsewhere" }));
      const foreign = await harden("apply", file, "--yes");
      expect([foreign.exitCode, foreign.all]).toEqual([2, expect.stringContaining('this plan is for the host "elsewhere"')]);
    });

    if (name === "engine 29") it("is refused without any program of iptables, and so is going back, until there is one", async () => {
      const file = join(folder, "plan/plan.json");
      const before = await readMachine(sandbox, []);
      const hide = async (run: () => Promise<void>): Promise<void> => {
        await sandbox.run("sh", "-c", "mkdir -p /mnt/sbin/upper /mnt/sbin/work; mount -t overlay overlay -o lowerdir=/usr/sbin,upperdir=/mnt/sbin/upper,workdir=/mnt/sbin/work /usr/sbin; rm -f /usr/sbin/*tables-*save /usr/sbin/*tables-*restore");
        await run();
        await sandbox.run("umount", "/usr/sbin");
      };
      await writeFile(file, JSON.stringify(await readPlan()));
      await hide(async () => {
        const refused = await harden("apply", file, "--yes");
        expect([refused.exitCode, refused.all]).toEqual([2, expect.stringMatching(/"Limit what visitors may do, v4: .*cannot be done now: iptables-nft-save is not installed, and nft lists tables of iptables-nft: /)]);
      });
      expect(await readMachine(sandbox, [])).toEqual(before);
      expect((await harden("apply", "--yes", ...only)).exitCode).toBe(0);
      await hide(async () => {
        const kept = await harden("rollback", "--yes");
        expect([kept.exitCode, kept.all]).toEqual([1, expect.stringMatching(/not taken back: the rules cannot be read: iptables-nft-save is not installed\n[^]*everything else is as it was before; harden rollback --to \S+ tries again/)]);
      });
      expect((await harden("rollback", "--yes")).exitCode).toBe(0);
      expect(await readMachine(sandbox, [])).toEqual(before);
    });
  });
}
