/** A change of daemon.json that real engines take over while they run, and give back. */
import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { explainStale } from "../../src/remediation/apply/engine-since.ts";
import { openMachine } from "../../src/remediation/apply/machine.ts";
import { daemonEffects } from "../../src/remediation/apply/operations/daemon.ts";
import type { DaemonStep } from "../../src/remediation/model.ts";
import { type DaemonDraft, draftDaemon } from "../../src/remediation/operations/daemon.ts";
import { type Engine, startEngine } from "../support/engine.ts";
import { ENGINE_VERSIONS } from "../support/engine-version.ts";
import { describeWith } from "../support/requirements.ts";
import { planOf } from "../support/steps.ts";

const BEFORE = '{\n\t"debug": true\n}\n';

describeEach((version) => {
  let engine: Engine;
  let path: string;
  const machine = openMachine(null, () => undefined);
  beforeAll(async () => {
    engine = await startEngine({ version });
    path = join(engine.folder, "daemon.json");
    await writeFile(path, BEFORE);
    await chmod(path, 0o640);
  });
  afterAll(() => engine.stop());

  const step = (after: string, undoing: string | null, restart = false): DaemonStep => ({
    kind: "daemon", id: "daemon", title: "", findings: [], notes: [], undo: "", restart: null, consent: null, undoing,
    changes: [{ key: "live-restore", before: null, after: "true", reload: true }, ...(restart ? [{ key: "icc", before: null, after: "false", reload: false }] : [])],
    file: { path, before: BEFORE, after }, engine: { pid: engine.pid, unit: null, endpoint: `unix://${engine.socket}` },
  });
  const draft = (...given: Parameters<typeof step>): DaemonDraft => {
    const [found] = draftDaemon([step(...given)], true);
    if (found?.kind !== "daemon") throw new Error("no draft");
    return found;
  };
  const isLive = (): Promise<string> => engine.docker("info", "--format", "{{.LiveRestoreEnabled}} {{.Debug}}");

  it("takes a key over by a reload, with the old file in its place afterwards, and gives it back", async () => {
    const operation = await daemonEffects.read(draft('{\n\t"debug": true,\n\t"live-restore": true\n}\n', '{\n\t"debug": true,\n\t"live-restore": false\n}\n'), machine);
    if (operation === null) throw new Error("nothing to do");
    expect([operation.reload, operation.restart]).toEqual([true, false]);
    expect(await isLive()).toMatch(/^false/);
    await daemonEffects.perform(operation, machine);
    await daemonEffects.perform(operation, machine);
    expect(await isLive()).toBe("true true");
    expect(await readFile(path, "utf8")).toBe(BEFORE);
    for (let round = 1; round <= 2; round += 1) {
      expect(await daemonEffects.undo(operation, null, machine)).toBeNull();
      expect([await isLive(), await readFile(path, "utf8"), (await stat(path)).mode & 0o777]).toEqual(["false true", BEFORE, 0o640]);
    }
  });

  it("comes back from a change that was cut off between the file and the engine", async () => {
    const operation = await daemonEffects.read(draft('{"live-restore": true}', null), machine);
    if (operation === null) throw new Error("nothing to do");
    await writeFile(path, '{"live-restore": true}');
    expect(await daemonEffects.undo(operation, null, machine)).toBeNull();
    expect(await readFile(path, "utf8")).toBe(BEFORE);
    await writeFile(path, '{"labels": ["mine=1"]}');
    expect(await daemonEffects.undo(operation, null, machine)).toContain("was changed since and is left alone");
    expect(await readFile(path, "utf8")).toBe('{"labels": ["mine=1"]}');
    await writeFile(path, BEFORE);
  });

  it("goes back on an engine that was started anew since, by a reload where that is enough; else what is left to do is told", async () => {
    const [after, undoing] = ['{"debug": true, "live-restore": true, "icc": false}', '{"debug": true, "live-restore": false}'];
    const operation = await daemonEffects.read(draft(after, undoing, true), machine);
    if (operation === null) throw new Error("nothing to do");
    const plan = planOf([step(after, undoing, true)]);
    const kept = { ...operation.file, phase: "keep" as const };
    const explain = (): Promise<string | null> => explainStale({ plan, operations: [operation, kept] }, kept, machine);
    expect(await explain()).toBeNull();
    await writeFile(path, after);
    await engine.restart();
    expect(await isLive()).toBe("true true");
    expect(await daemonEffects.undo(operation, null, machine)).toBeNull();
    expect([await isLive(), await readFile(path, "utf8")]).toEqual(["false true", BEFORE]);
    expect(await explain()).toBe(`${path} is as it was before, but the engine (process ${engine.pid}) was started since and goes on with the changed icc until it is restarted`);
    expect(await explainStale({ plan: planOf([step(after, undoing)]), operations: [operation, kept] }, kept, machine)).toBeNull();
  });

  it("is told of a file that the engine does not take, before it stands in its place where the engine can judge it", async () => {
    const bad = draft('{"live-restore": true, "no-such-key": 1}', null);
    if (version === "20.10") {
      const operation = await daemonEffects.read({ ...bad, file: { ...bad.file, after: "{" } }, machine);
      expect(operation?.file.after).toBe("{");
    } else {
      await expect(daemonEffects.read(bad, machine)).rejects.toThrow(/dockerd refuses the planned daemon\.json: .*no-such-key/);
    }
    expect(await readFile(path, "utf8")).toBe(BEFORE);
  });
});

function describeEach(run: (version: Engine["version"]) => void): void {
  for (const version of ENGINE_VERSIONS) describeWith({ engine: version }, `a change of daemon.json on engine ${version}`, () => { run(version); });
}
