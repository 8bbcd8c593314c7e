/** Makes and removes the links by which a service manager starts a service of ours. */
import { existsSync, lstatSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { dirname } from "node:path";
import { HardenError } from "../../../errors.ts";
import type { LinkDraft, LinkOperation } from "../../operations/link.ts";
import { attempt } from "../attempt.ts";
import { makeFolderDurably, syncFolder } from "../durable.ts";
import { listMissingFolders, removeEmptyFolder } from "../folders.ts";
import type { Machine } from "../machine.ts";
import type { Effects } from "./effects.ts";

const FOLDER_MODE = 0o755;

export const linkEffects: Effects<LinkDraft, LinkOperation> = {
  read: (draft) => attempt(draft.path, () => (isMade(draft) ? null : { ...draft, folders: listMissingFolders(dirname(draft.path)) })),
  async perform(operation, machine) {
    await attempt(operation.path, () => { make(operation); });
    const trouble = await reloadUnits(machine);
    if (trouble !== null) throw new HardenError(trouble);
    return null;
  },
  async undo(operation, _, machine) {
    return (await attempt(operation.path, () => remove(operation))) ?? (await reloadUnits(machine));
  },
};

/** Throws HardenError where something else has the name. */
function isMade({ path, target }: LinkDraft): boolean {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return false;
  if (status.isSymbolicLink() && readlinkSync(path) === target) return true;
  throw new HardenError(`${path} is there already and does not lead to ${target}`, { hint: "look at what put it there" });
}

function make(operation: LinkOperation): void {
  if (isMade(operation)) return;
  for (const folder of operation.folders) makeFolderDurably(folder, FOLDER_MODE);
  symlinkSync(operation.target, operation.path);
  syncFolder(dirname(operation.path));
}

function remove({ path, target, folders }: LinkOperation): string | null {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status !== undefined) {
    if (!status.isSymbolicLink() || readlinkSync(path) !== target) return `${path} was changed since and is left alone`;
    rmSync(path);
    syncFolder(dirname(path));
  }
  for (const folder of folders.toReversed()) removeEmptyFolder(folder);
  return null;
}

/** What systemd has not read it does not start along with the engine. */
async function reloadUnits(machine: Machine): Promise<string | null> {
  if (!existsSync("/run/systemd/system")) return null;
  const { exitCode, complaint } = await machine.run("systemctl", ["daemon-reload"]);
  return exitCode === 0 ? null : `systemctl daemon-reload: ${complaint}`;
}
