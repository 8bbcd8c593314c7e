/** Changes permission bits, and gives them back. */
import { chmodSync, closeSync, constants, fchmodSync, fstatSync, lstatSync, openSync, realpathSync, type Stats } from "node:fs";
import { basename, dirname } from "node:path";
import { HardenError } from "../../../errors.ts";
import type { ModeDraft, ModeOperation } from "../../operations/mode.ts";
import { attempt } from "../attempt.ts";
import type { Effects } from "./effects.ts";

export const modeEffects: Effects<ModeDraft, ModeOperation> = {
  read: (draft) => attempt(draft.path, () => readMode(draft)),
  perform: (operation) => attempt(operation.path, () => { change(operation.path, operation.before, operation.after); return null; }),
  undo: (operation) => attempt(operation.path, () => giveBack(operation)),
};

/** Folders may be links of root's, as /var/run is; the file itself may not. */
function readMode(draft: ModeDraft): ModeOperation | null {
  const path = `${realpathSync(dirname(draft.path))}/${basename(draft.path)}`;
  const status = lstatSync(path);
  if (status.isSymbolicLink()) throw new HardenError(`${draft.path} is a symbolic link: what it leads to has to be changed`);
  const now = status.mode & BITS;
  if (now === draft.after) return null;
  if (now !== draft.before) throw new HardenError(`${path} has the mode ${print(now)}, not ${print(draft.before)} as it had when the plan was made`, { hint: "look at what changed it, then plan again" });
  if (!status.isFile() && !status.isDirectory() && isOpenFolder(lstatSync(dirname(path)))) throw new HardenError(`${dirname(path)} is open to others, who could put another file in the place of ${path}`);
  return { ...draft, path };
}

function giveBack({ path, before, after }: ModeOperation): string | null {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined || (status.mode & BITS) === before) return null;
  if (status.isSymbolicLink() || (status.mode & BITS) !== after) return `the mode of ${path} was changed since and is left alone`;
  change(path, after, before);
  return null;
}

/** By a descriptor, so that it is the file that was looked at; a socket has none, and lies in a folder that only root writes. */
function change(path: string, from: number, to: number): void {
  const status = lstatSync(path);
  if (status.isSymbolicLink()) throw new HardenError(`${path} is a symbolic link now`);
  if (!status.isFile() && !status.isDirectory()) {
    requireMode(path, status, from, to);
    chmodSync(path, to);
    return;
  }
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    requireMode(path, fstatSync(descriptor), from, to);
    fchmodSync(descriptor, to);
  } finally {
    closeSync(descriptor);
  }
}

function requireMode(path: string, { mode }: Stats, from: number, to: number): void {
  const now = mode & BITS;
  if (now !== from && now !== to) throw new HardenError(`${path} has the mode ${print(now)} now, not ${print(from)}`);
}

function isOpenFolder({ uid, mode }: Stats): boolean {
  return uid !== 0 || (mode & 0o022) !== 0;
}

const BITS = 0o7777;

function print(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}
