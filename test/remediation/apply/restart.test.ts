/** What is asked of systemd: none runs here, so its answers are recorded ones. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Machine, Ran } from "../../../src/remediation/apply/machine.ts";
import { daemonEffects } from "../../../src/remediation/apply/operations/daemon.ts";
import type { DaemonStep } from "../../../src/remediation/model.ts";
import { type DaemonDraft, draftDaemon } from "../../../src/remediation/operations/daemon.ts";

describe("a restart of the engine", () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp("/tmp/harden-restart-");
    path = join(folder, "daemon.json");
    await writeFile(path, "{}");
  });
  afterEach(() => rm(folder, { recursive: true }));

  const step = (id: string, before: string, after: string, changes: DaemonStep["changes"], unit: string | null = "docker.service"): DaemonStep => ({
    kind: "daemon", id, title: "", findings: [], notes: [], undo: "", restart: "", consent: null, undoing: null, changes, file: { path, before, after },
    engine: { pid: process.pid, unit, endpoint: "unix:///run/docker.sock" },
  });
  const change = (key: string, reload: boolean): DaemonStep["changes"][number] => ({ key, before: null, after: "1", reload });
  const draftOf = (...drafts: ReturnType<typeof draftDaemon>): DaemonDraft => {
    const [first] = drafts;
    if (first?.kind !== "daemon") throw new Error("no draft");
    return first;
  };
  /** `fails`: what the unit is asked in vain. */
  function systemd(fails: readonly string[] = []): { machine: Machine; asked: string[] } {
    const asked: string[] = [];
    const run = async (program: string, args: readonly string[]): Promise<Ran> => {
      if (program !== "systemctl") return { exitCode: 0, stdout: "", complaint: "" };
      asked.push(`${args[0] ?? ""} with ${await readFile(path, "utf8")}`);
      return { exitCode: fails.includes(args[0] ?? "") ? 1 : 0, stdout: args[0] === "show" ? `${process.pid}\n` : "", complaint: "Job for docker.service failed." };
    };
    return { machine: { run, say: () => undefined }, asked };
  }

  it("is one for all steps, with the new file in place while it lasts, and again with the old one", async () => {
    const steps = [step("daemon", "{}", '{"icc":1}', [change("icc", false)]), step("daemon-userns-remap", '{"icc":1}', '{"icc":1,"userns-remap":1}', [change("userns-remap", false)])];
    const drafts = draftDaemon(steps, true);
    expect(drafts.map(({ kind, phase }) => [kind, phase])).toEqual([["daemon", "try"], ["file", "keep"]]);
    const { machine, asked } = systemd();
    const operation = await daemonEffects.read(draftOf(...drafts), machine);
    if (operation === null) throw new Error("nothing to do");
    await daemonEffects.perform(operation, machine);
    expect(asked).toEqual(["reset-failed", "restart"].map((verb) => `${verb} with {"icc":1,"userns-remap":1}`));
    expect(await readFile(path, "utf8")).toBe("{}");
    expect(await daemonEffects.undo(operation, null, machine)).toBeNull();
    expect(asked.slice(2)).toEqual(["show with {}", "reset-failed with {}", "restart with {}"]);
  });

  it("is not done unless it is allowed, nor where no service manager could", () => {
    const icc = [change("icc", false), change("live-restore", true)];
    expect(draftOf(...draftDaemon([step("daemon", "{}", "{ }", icc)], false))).toMatchObject({ reload: true, restart: false });
    expect(draftOf(...draftDaemon([step("daemon", "{}", "{ }", icc, null)], true))).toMatchObject({ reload: true, restart: false });
    expect(draftOf(...draftDaemon([step("daemon", "{}", "{ }", icc)], true))).toMatchObject({ reload: true, restart: true });
  });

  it("is told where it fails, and leaves the file as it was after the way back", async () => {
    const { machine } = systemd(["restart"]);
    const operation = await daemonEffects.read(draftOf(...draftDaemon([step("daemon", "{}", '{"icc":1}', [change("icc", false)])], true)), machine);
    if (operation === null) throw new Error("nothing to do");
    await expect(daemonEffects.perform(operation, machine)).rejects.toThrow("systemctl restart docker.service: Job for docker.service failed.");
    await expect(daemonEffects.undo(operation, null, machine)).rejects.toThrow("systemctl restart docker.service");
    expect(await readFile(path, "utf8")).toBe("{}");
  });

  it("is no work where the file is only to be kept for the next start", async () => {
    const { machine, asked } = systemd();
    expect(await daemonEffects.read(draftOf(...draftDaemon([step("daemon", "{}", '{"icc":1}', [change("icc", false)])], false)), machine)).toBeNull();
    expect(asked).toEqual([]);
  });
});
