import { chmod, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openMachine } from "../../../src/remediation/apply/machine.ts";
import { fileEffects } from "../../../src/remediation/apply/operations/file.ts";
import { modeEffects } from "../../../src/remediation/apply/operations/mode.ts";
import { draftFile } from "../../../src/remediation/operations/file.ts";
import { describeWith } from "../../support/requirements.ts";

describeWith({ root: true }, "a change of a file whose mode changes as well", () => {
  const machine = openMachine(null, () => undefined);
  let folder: string;
  beforeEach(async () => { folder = await mkdtemp("/tmp/harden-file-"); });
  afterEach(() => rm(folder, { recursive: true }));

  it("keeps the new mode, and both go back", async () => {
    const path = join(folder, "daemon.json");
    const look = async (): Promise<string> => ((await stat(path)).mode & 0o7777).toString(8);
    await writeFile(path, "{}");
    await chmod(path, 0o666);
    const mode = await modeEffects.read({ kind: "mode", step: "modes", phase: "keep", path, before: 0o666, after: 0o644 }, machine);
    const file = await fileEffects.read(draftFile("daemon", "keep", { path, before: "{}", after: '{"icc": false}' }), machine);
    if (mode === null || file === null) throw new Error("nothing to do");
    await modeEffects.perform(mode, machine);
    await fileEffects.perform(file, machine);
    expect(await look()).toBe("644");
    expect([await fileEffects.undo(file, null, machine), await modeEffects.undo(mode, null, machine), await look()]).toEqual([null, null, "666"]);
  });
});
