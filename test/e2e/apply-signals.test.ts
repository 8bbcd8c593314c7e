/** `harden apply` is met by a signal while iptables-restore is at work. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type Engine, startEngine } from "../support/engine.ts";
import { HARDEN, runHarden } from "../support/harden.ts";
import { importImages, SERVE } from "../support/images.ts";
import { type Machine, readMachine } from "../support/machine.ts";
import { describeWith } from "../support/requirements.ts";
import { openSandbox, type Outcome, type Sandbox } from "../support/sandbox.ts";

describeWith({ engine: "29", programs: ["nft", "mkfifo"] }, "a signal while iptables-restore is at work", () => {
  let engine: Engine;
  let sandbox: Sandbox;
  let folder: string;
  let before: Machine;

  beforeAll(async () => {
    engine = await startEngine({ version: "29" });
    await importImages(engine);
    await engine.docker("run", "-d", "--name", "web", "-p", "8080:80", "busybox:plain", ...SERVE);
    sandbox = await openSandbox(engine.netns);
    folder = await mkdtemp("/tmp/harden-signals-");
    await promisify(execFile)("mkfifo", [join(folder, "gate")]);
    // The first time that it is to load rules it waits at a gate before it does.
    const restore = `#!/bin/sh\nif [ "$1" != --version ] && mkdir ${folder}/reached; then cat ${folder}/gate; fi\nexec /usr/sbin/iptables-nft-restore "$@"\n`;
    await writeFile(join(folder, "iptables-nft-restore"), restore, { mode: 0o755 });
  });
  afterAll(async () => {
    await sandbox.release();
    await engine.stop();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    await rm(join(folder, "reached"), { recursive: true, force: true });
    before = await readMachine(sandbox, []);
  });

  const environment = (): string[] => Object.entries(engine.env).map(([key, value]) => `${key}=${value}`);
  const rollback = (): Promise<Outcome> => sandbox.attempt("env", ...environment(), process.execPath, HARDEN, "rollback", "--yes");

  /** Begins a run and gives it the signal while the first program that loads rules is at work, which then goes on. */
  async function interrupt(signal: NodeJS.Signals, meanwhile: () => Promise<void> = () => Promise.resolve()): Promise<Outcome> {
    const command = ["env", `PATH=${folder}:${process.env["PATH"] ?? ""}`, ...environment(), process.execPath, HARDEN, "apply", "--yes",
      "--only", "firewall-docker-user-empty", "--only", "sysctl-tcp-synack-retries"];
    const running = sandbox.attempt("sh", "-c", 'echo $$ >"$1/pid"; shift; exec "$@"', "sh", folder, ...command);
    const ended = running.then(({ all }) => Promise.reject(new Error(`it ended before it loaded rules: ${all}`)));
    await Promise.race([ended, waitFor(join(folder, "reached"))]);
    ended.catch(() => undefined);
    process.kill(Number(await readFile(join(folder, "pid"), "utf8")), signal);
    await meanwhile();
    await writeFile(join(folder, "gate"), "");
    return running;
  }

  async function waitFor(file: string): Promise<void> {
    while (!existsSync(file)) await setTimeout(20);
  }

  it("SIGTERM: it ends what it is at, and all goes back", async () => {
    const { exitCode, all } = await interrupt("SIGTERM");
    expect([exitCode, all]).toEqual([1, expect.stringMatching(/it was stopped by SIGTERM\n.*everything is as it was before/)]);
    expect(await readMachine(sandbox, [])).toEqual(before);
  });

  it("SIGHUP, a lost terminal: it goes on to the end", async () => {
    const { exitCode, all } = await interrupt("SIGHUP");
    expect([exitCode, all]).toEqual([all.includes(" 0 still open") ? 0 : 1, expect.stringContaining("Applied: ")]);
    expect(await readMachine(sandbox, [])).not.toEqual(before);
    expect((await rollback()).exitCode).toBe(0);
    expect(await readMachine(sandbox, [])).toEqual(before);
  });

  it("SIGKILL: nobody else begins before iptables-restore has ended, then all goes back", async () => {
    const { exitCode } = await interrupt("SIGKILL", async () => {
      expect(await rollback()).toMatchObject({ exitCode: 2, all: expect.stringContaining("another harden is changing this machine") as string });
    });
    expect(exitCode).toBe(undefined);
    // Until the program that was left behind has let the lock go.
    await sandbox.run("flock", "/run/harden/lock", "true");
    expect((await rollback()).exitCode).toBe(0);
    expect(await readMachine(sandbox, [])).toEqual(before);
  });

  it("is refused from another network than the engine's", async () => {
    const { exitCode, stderr } = await runHarden(["apply"], engine.env);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/runs in another network namespace than this command\n {2}nsenter --net=\/proc\/\d+\/ns\/net harden apply/)]);
  });
});
