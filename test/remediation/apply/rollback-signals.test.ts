/** `harden rollback` is met by a signal while a program of the machine is at work. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { HARDEN } from "../../support/harden.ts";
import { readMachine } from "../../support/machine.ts";
import { describeWith } from "../../support/requirements.ts";
import { openSandbox, type Sandbox } from "../../support/sandbox.ts";
import { iptablesStep, nftStep, planOf, sysctlStep } from "../../support/steps.ts";

const APPLY = fileURLToPath(new URL("../../support/apply-steps.ts", import.meta.url));

describeWith({ root: true, programs: ["nft", "iptables-nft-save", "sysctl"] }, "a rollback that is met by a signal", () => {
  let sandbox: Sandbox;
  let folder: string;
  beforeEach(async () => {
    sandbox = await openSandbox();
    folder = await mkdtemp("/tmp/harden-rollback-");
  });
  afterEach(async () => {
    await sandbox.release();
    await rm(folder, { recursive: true });
  });

  it.each(["HUP", "INT", "TERM"])("goes on to its end: SIG%s", async (signal) => {
    await sandbox.run("sysctl", "-qw", "net.ipv4.tcp_syncookies=0");
    const before = await readMachine(sandbox, []);
    await writeFile(join(folder, "plan.json"), JSON.stringify(planOf([sysctlStep({ "net.ipv4.tcp_syncookies": "1" }), nftStep("v4", "v6")])));
    expect(await sandbox.run(process.execPath, APPLY, join(folder, "plan.json"))).toContain('{"kind":"done"}');
    await writeFile(join(folder, "nft"), `#!/bin/sh\nkill -${signal} $PPID\nexec /usr/sbin/nft "$@"\n`, { mode: 0o755 });
    const { exitCode, all } = await sandbox.attempt("env", `PATH=${folder}:${process.env["PATH"] ?? ""}`, process.execPath, HARDEN, "rollback", "--yes");
    expect([exitCode, all]).toEqual([0, expect.stringContaining("everything is as it was before")]);
    expect(await readMachine(sandbox, [])).toEqual(before);
  });

  it("is finished by the next where it was killed, the chain INPUT that nobody had used before included", async () => {
    await sandbox.run("sh", "-c", "iptables-nft -N DOCKER-USER; iptables-nft -A FORWARD -j DOCKER-USER");
    const before = await readMachine(sandbox, []);
    await writeFile(join(folder, "plan.json"), JSON.stringify(planOf([iptablesStep("v4", "nft")])));
    expect(await sandbox.run(process.execPath, APPLY, join(folder, "plan.json"))).toContain('{"kind":"done"}');
    await writeFile(join(folder, "nft"), '#!/bin/sh\nif [ "$1" = delete ]; then kill -KILL $PPID; exit 1; fi\nexec /usr/sbin/nft "$@"\n', { mode: 0o755 });
    const { exitCode } = await sandbox.attempt("env", `PATH=${folder}:${process.env["PATH"] ?? ""}`, process.execPath, HARDEN, "rollback", "--yes");
    expect([exitCode, await sandbox.run("nft", "list", "ruleset")]).toEqual([undefined, expect.stringContaining("chain INPUT")]);
    expect((await sandbox.attempt(process.execPath, HARDEN, "rollback", "--yes")).exitCode).toBe(0);
    expect(await readMachine(sandbox, [])).toEqual(before);
  });
});
