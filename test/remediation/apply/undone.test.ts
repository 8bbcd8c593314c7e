/** A run in which something fails: the whole is taken back, and told. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Step } from "../../../src/remediation/model.ts";
import { readMachine } from "../../support/machine.ts";
import { describeWith } from "../../support/requirements.ts";
import { openSandbox, type Sandbox } from "../../support/sandbox.ts";
import { daemonStep, iptablesStep, nftStep, planOf, sysctlStep } from "../../support/steps.ts";

const APPLY = fileURLToPath(new URL("../../support/apply-steps.ts", import.meta.url));

const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

describeWith({ root: true, programs: ["iptables-nft-save", "nft", "sysctl"] }, "a run in which something fails", () => {
  let sandbox: Sandbox;
  let folder: string;
  beforeEach(async () => {
    sandbox = await openSandbox();
    folder = await mkdtemp("/tmp/harden-undone-");
    await sh("iptables-nft -N DOCKER-USER; iptables-nft -A FORWARD -j DOCKER-USER; sysctl -qw net.ipv4.tcp_syncookies=0");
  });
  afterEach(async () => {
    await sandbox.release();
    await rm(folder, { recursive: true });
  });

  const sh = (script: string): Promise<string> => sandbox.run("sh", "-c", script);

  /** The outcome as the run prints it last. */
  async function apply(steps: readonly Step[], ...args: string[]): Promise<unknown> {
    const file = join(folder, "plan.json");
    await writeFile(file, JSON.stringify(planOf(steps)));
    const printed = await sandbox.run(process.execPath, APPLY, file, ...args);
    return JSON.parse(printed.split("\n").at(-1) ?? "");
  }

  it("goes back when the kernel does not take a value", async () => {
    const before = await readMachine(sandbox, []);
    expect(await apply([iptablesStep("v4", "nft"), nftStep("v6"), sysctlStep({ "net.ipv4.tcp_syncookies": "1", "net.ipv4.conf.lo.rp_filter": "much" })])).toEqual({
      kind: "undone", reason: matching(/^net\.ipv4\.conf\.lo\.rp_filter cannot be set to much here: EINVAL/), left: [],
    });
    expect(await readMachine(sandbox, [])).toEqual(before);
  });

  it("goes back when iptables-restore does not take the rules, and when nft does not", async () => {
    const before = await readMachine(sandbox, []);
    const wrong = { ...iptablesStep("v4", "nft"), after: iptablesStep("v4", "nft").after.replace("-j DROP", "-j NOWHERE") };
    expect(await apply([nftStep("v4"), wrong])).toEqual({ kind: "undone", reason: matching(/^iptables-nft-restore does not take the rules: /), left: [] });
    expect(await readMachine(sandbox, [])).toEqual(before);
    expect(await apply([iptablesStep("v4", "nft"), { ...nftStep("v6"), after: "table ip6 harden { nonsense }\n" }])).toEqual({
      kind: "undone", reason: matching(/^nft does not take the rules: /), left: [],
    });
    expect(await readMachine(sandbox, [])).toEqual(before);
  });

  it("goes back when the disk is full, and leaves no half of a file", async () => {
    await sh("mount -t tmpfs -o size=8k tmpfs /etc/sysctl.d; head -c 8192 /dev/zero >/etc/sysctl.d/full.conf");
    const before = await readMachine(sandbox, []);
    expect(await apply([iptablesStep("v4", "nft"), daemonStep("/etc/docker/own/daemon.json", null), sysctlStep({ "net.ipv4.tcp_syncookies": "1" })])).toEqual({
      kind: "undone", reason: matching(/^\/etc\/sysctl\.d\/zz-harden\.conf cannot be changed: ENOSPC/), left: [],
    });
    expect(await readMachine(sandbox, [])).toEqual(before);
  });

  it("goes back when its journal cannot be written any more, and says so", async () => {
    await sh("ip6tables-nft -N DOCKER-USER");
    const steps = [iptablesStep("v4", "nft"), iptablesStep("v6", "nft"), sysctlStep({ "net.ipv4.tcp_syncookies": "1" })];
    const before = await readMachine(sandbox, []);
    expect(await apply(steps)).toEqual({ kind: "done" });
    await sh(`${process.execPath} ${fileURLToPath(new URL("../../../bin/harden.js", import.meta.url))} rollback --yes`);
    // As many pages as the journal takes, and one for its log: that is full when the rules of the second family are loaded.
    const pages = await sh("cat /var/lib/harden/journal/*/journal.json | wc -c");
    await sh(`rm -r /var/lib/harden; mkdir -m 700 /var/lib/harden; mount -t tmpfs -o mode=700,size=${String(4 * (Math.ceil(Number(pages) / 4096) + 2))}k tmpfs /var/lib/harden`);
    expect(await apply(steps)).toEqual({
      kind: "undone", reason: matching(/^the journal cannot be written: ENOSPC/), left: [matching(/^what went back is not recorded: the journal cannot be written: ENOSPC/)],
    });
    expect(await readMachine(sandbox, [])).toEqual(before);
  });

  it("goes back when it is told to stop", async () => {
    const before = await readMachine(sandbox, []);
    for (const operation of [0, 1, 3]) {
      expect(await apply([iptablesStep("v4", "nft"), sysctlStep({ "net.ipv4.tcp_syncookies": "1" })], "0", String(operation))).toEqual({ kind: "undone", reason: "it was stopped", left: [] });
      expect([operation, await readMachine(sandbox, [])]).toEqual([operation, before]);
    }
  });
});
