/** Has a running engine take over daemon.json, and take it back. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HardenError } from "../../../errors.ts";
import type { DaemonDraft, DaemonOperation } from "../../operations/daemon.ts";
import { findEngine, reloadEngine, restartEngine } from "../engine.ts";
import type { Machine } from "../machine.ts";
import type { Effects } from "./effects.ts";
import { fileEffects } from "./file.ts";

export const daemonEffects: Effects<DaemonDraft, DaemonOperation> = {
  async read({ file, pid, ...draft }, machine) {
    const operation = await fileEffects.read(file, machine);
    if (operation === null) return null;
    await validate(pid, file.after, machine);
    if (pid === null || (!draft.reload && !draft.restart)) return null;
    return { ...draft, pid, file: operation };
  },
  async perform(operation, machine) {
    await fileEffects.perform(operation.file, machine);
    if (operation.reload) await reloadEngine(operation, machine);
    if (operation.restart) await restartEngine(operation, machine);
    const left = await fileEffects.undo(operation.file, null, machine);
    if (left !== null) throw new HardenError(left);
    return null;
  },
  async undo(operation, _, machine) {
    const { file, undoing, reload, restart } = operation;
    const left = await fileEffects.undo(file, null, machine);
    if (left !== null) return left;
    if ((await findEngine(operation, machine)) === null) return null;
    if (reload) {
      const between = { ...file, after: undoing ?? file.after };
      if (undoing !== null) await fileEffects.perform(between, machine);
      try {
        await reloadEngine(operation, machine);
      } finally {
        if (undoing !== null) await fileEffects.undo(between, null, machine);
      }
    }
    if (restart) await restartEngine(operation, machine);
    return null;
  },
};

/** By the engine's own program and flags, where it can (`--validate`, since 23.0). Throws HardenError with its words. */
async function validate(pid: number | null, text: string, machine: Machine): Promise<void> {
  const program = pid === null ? "dockerd" : `/proc/${pid}/exe`;
  if (!(await machine.run(program, ["--help"])).stdout.includes("--validate")) return;
  const folder = mkdtempSync(join(tmpdir(), "harden-"));
  try {
    const file = join(folder, "daemon.json");
    writeFileSync(file, text, { mode: 0o600 });
    const { exitCode, complaint } = await machine.run(program, ["--validate", "--config-file", file, ...(pid === null ? [] : readFlags(pid))]);
    if (exitCode !== 0) throw new HardenError(`dockerd refuses the planned daemon.json: ${complaint}`, { hint: "--skip the policy whose key it names" });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Without the file that is to be replaced. */
function readFlags(pid: number): string[] {
  const [, ...words] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
  return words.filter((word, index) => !word.startsWith("--config-file") && words[index - 1] !== "--config-file");
}
