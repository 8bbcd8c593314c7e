/** What others changed in rules that harden loaded stays as they left it, on the machine itself. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Step } from "../../../src/remediation/model.ts";
import { HARDEN } from "../../support/harden.ts";
import { readMachine } from "../../support/machine.ts";
import { describeWith } from "../../support/requirements.ts";
import { openSandbox, type Outcome, type Sandbox } from "../../support/sandbox.ts";
import { iptablesStep, nftStep, planOf } from "../../support/steps.ts";

const APPLY = fileURLToPath(new URL("../../support/apply-steps.ts", import.meta.url));

describeWith({ root: true, programs: ["iptables-nft-save", "iptables-legacy-save", "nft"] }, "rules that others changed since", () => {
  let sandbox: Sandbox;
  let folder: string;
  beforeEach(async () => {
    sandbox = await openSandbox();
    folder = await mkdtemp("/tmp/harden-since-");
  });
  afterEach(async () => {
    await sandbox.release();
    await rm(folder, { recursive: true });
  });

  const sh = (script: string): Promise<string> => sandbox.run("sh", "-c", script);
  const rollback = (): Promise<Outcome> => sandbox.attempt(process.execPath, HARDEN, "rollback", "--yes");
  async function apply(...steps: Step[]): Promise<void> {
    await writeFile(join(folder, "plan.json"), JSON.stringify(planOf(steps)));
    expect(await sandbox.run(process.execPath, APPLY, join(folder, "plan.json"))).toContain('{"kind":"done"}');
  }

  it.each(["nft", "legacy"] as const)("stay, and go once they are gone, on iptables-%s", async (backend) => {
    const program = `iptables-${backend}`;
    await sh(`${program} -N DOCKER-USER; ${program} -A FORWARD -j DOCKER-USER`);
    const before = await readMachine(sandbox, []);
    await apply(iptablesStep("v4", backend));
    await sh(`${program} -A HARDEN-IN -s 192.0.2.9 -j DROP; ${program} -A FORWARD -s 192.0.2.8 -j HARDEN-DROP`);
    const first = await rollback();
    expect([first.exitCode, first.all]).toEqual([1, expect.stringMatching(/the rule -A HARDEN-IN -s 192\.0\.2\.9\/32 -j DROP is not of harden and stays; chain HARDEN-DROP is emptied and stays/)]);
    expect((await sh(`${program}-save`)).split("\n").filter((line) => /^-A .*HARDEN/.test(line))).toEqual([
      "-A INPUT -j HARDEN-IN", "-A FORWARD -s 192.0.2.8/32 -j HARDEN-DROP", "-A HARDEN-IN -s 192.0.2.9/32 -j DROP",
    ]);
    await sh(`${program} -D HARDEN-IN -s 192.0.2.9 -j DROP; ${program} -D FORWARD -s 192.0.2.8 -j HARDEN-DROP`);
    expect((await rollback()).exitCode).toBe(0);
    expect(await readMachine(sandbox, [])).toEqual(before);
  });

  it("stay in an nft table, which is told with the way to remove it", async () => {
    const before = await readMachine(sandbox, []);
    await apply(nftStep("v4", "v6"));
    await sh("nft add rule ip harden input tcp dport 22 accept");
    const first = await rollback();
    expect([first.exitCode, first.all]).toEqual([1, expect.stringContaining("table ip harden was changed since and is left alone (nft delete table ip harden removes it)")]);
    expect(await sh("nft list tables")).toBe("table ip harden");
    await sh("nft delete table ip harden");
    expect((await rollback()).exitCode).toBe(0);
    expect(await readMachine(sandbox, [])).toEqual(before);
  });

  it("are no reason to load anything after a reboot", async () => {
    await sh("iptables-nft -N DOCKER-USER; ip6tables-legacy -N DOCKER-USER");
    await apply(iptablesStep("v4", "nft"), iptablesStep("v6", "legacy"), nftStep("v6"));
    await sh("nft flush ruleset; ip6tables-legacy -F; ip6tables-legacy -X");
    const rebooted = await readMachine(sandbox, []);
    expect((await rollback()).exitCode).toBe(0);
    expect(await readMachine(sandbox, [])).toEqual(rebooted);
  });
});
