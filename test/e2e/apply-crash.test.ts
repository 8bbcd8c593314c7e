/** A run that is ended by SIGKILL between any two of its lines in the journal, then taken back. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fileURLToPath } from "node:url";
import { HARDEN } from "../support/harden.ts";
import { readMachine } from "../support/machine.ts";
import { describeWith } from "../support/requirements.ts";
import { openSandbox, type Sandbox } from "../support/sandbox.ts";
import { daemonStep, iptablesStep, nftStep, planOf, sysctlStep } from "../support/steps.ts";

const APPLY = fileURLToPath(new URL("../support/apply-steps.ts", import.meta.url));

/** Six operations: rules of both families, a value, three files, one of them in a folder of its own. */
const OPERATIONS = 6;
/** applying, keeping, kept, and of each operation started and done. */
const LINES = 3 + 2 * OPERATIONS;

describeWith({ root: true, programs: ["iptables-nft-save", "iptables-legacy-save", "nft", "sysctl"] }, "a run that is killed", () => {
  let sandbox: Sandbox;
  let folder: string;
  beforeEach(async () => {
    sandbox = await openSandbox();
    folder = await mkdtemp("/tmp/harden-crash-");
  });
  afterEach(async () => {
    await sandbox.release();
    await rm(folder, { recursive: true });
  });

  it.each(["nft", "legacy"] as const)("at any line of its journal leaves nothing once it is rolled back, on iptables-%s", { timeout: 300_000 }, async (backend) => {
    await sandbox.run("sh", "-c", [`iptables-${backend}`, `ip6tables-${backend}`].map((program) =>
      `${program} -N DOCKER-USER; ${program} -A FORWARD -j DOCKER-USER; ${program} -I DOCKER-USER -p udp -j DROP`).join("; "));
    await sandbox.run("sh", "-c", "sysctl -qw net.ipv4.tcp_syncookies=0; echo mine >/etc/modules-load.d/harden.conf; chmod 640 /etc/modules-load.d/harden.conf");
    const before = await readMachine(sandbox, []);
    const file = join(folder, "plan.json");
    const sysctl = sysctlStep({ "net.ipv4.tcp_syncookies": "1" });
    const modules = { path: "/etc/modules-load.d/harden.conf", before: "mine\n", after: "mine\nnf_conntrack\n" };
    await writeFile(file, JSON.stringify(planOf([iptablesStep("v4", backend), backend === "nft" ? nftStep("v6") : iptablesStep("v6", backend), { ...sysctl, modules }, daemonStep("/etc/docker/own/daemon.json", null)])));
    for (let line = 1; line <= LINES; line++) {
      const { exitCode } = await sandbox.attempt(process.execPath, APPLY, file, String(line));
      expect([line, exitCode]).toEqual([line, undefined]);
      const { exitCode: refused, all } = await sandbox.attempt(process.execPath, HARDEN, "apply", "--yes");
      expect([line, refused, all]).toEqual([line, 2, expect.stringContaining("was cut off in the middle")]);
      const rollback = await sandbox.attempt(process.execPath, HARDEN, "rollback", "--yes");
      expect([line, rollback.exitCode, rollback.all]).toEqual([line, 0, expect.stringContaining("everything is as it was before")]);
      expect([line, await readMachine(sandbox, [])]).toEqual([line, before]);
    }
    // One more line there is not: this run comes to its end, and is taken back as well.
    expect(await sandbox.run(process.execPath, APPLY, file, String(LINES + 1))).toContain('{"kind":"done"}');
    expect(await readMachine(sandbox, [])).not.toEqual(before);
    await sandbox.run(process.execPath, HARDEN, "rollback", "--yes");
    expect(await readMachine(sandbox, [])).toEqual(before);
  });
});
