/** Replaces a file, and puts back the one that was there. Never through a symbolic link. */
import { accessSync, constants, existsSync, lstatSync, readFileSync, realpathSync } from "node:fs";
import { dirname } from "node:path";
import { HardenError } from "../../../errors.ts";
import type { FileDraft, FileOperation } from "../../operations/file.ts";
import { makeFolderDurably, removeDurably, removeLeftover, writeDurably } from "../durable.ts";
import { attempt } from "../attempt.ts";
import { listMissingFolders, removeEmptyFolder } from "../folders.ts";
import type { Effects } from "./effects.ts";

export const fileEffects: Effects<FileDraft, FileOperation> = {
  read: (draft) => attempt(draft.path, () => readFile(draft)),
  perform: (operation) => attempt(operation.path, () => writeFile(operation)),
  undo: (operation) => attempt(operation.path, () => restoreFile(operation)),
};

const FOLDER_MODE = 0o755;

function readFile({ expected, ...draft }: FileDraft): FileOperation | null {
  const { path, after } = draft;
  const folders = listMissingFolders(dirname(path));
  const nearest = dirname(folders[0] ?? path);
  if (realpathSync(nearest) !== nearest) throw new HardenError(`${path} is reached through a symbolic link: what manages it has to make the change`);
  accessSync(nearest, constants.W_OK);
  const present = readPresent(path);
  if (present?.content.equals(Buffer.from(after)) === true) return null;
  if (expected === null ? present !== null : present?.content.equals(Buffer.from(expected)) !== true) throw changed(path);
  return { ...draft, before: present === null ? null : { content: present.content.toString("base64"), mode: present.mode, uid: present.uid, gid: present.gid }, folders };
}

function writeFile(operation: FileOperation): null {
  const { path, after, folders, fresh } = operation;
  const now = readPresent(path);
  if (!isBefore(operation, now) && !isAfter(operation, now)) throw changed(path);
  for (const folder of folders) makeFolderDurably(folder, FOLDER_MODE);
  // As it is now, not as it was: an operation before this one may have changed its mode.
  writeDurably(path, after, now ?? { mode: fresh, uid: 0, gid: 0 });
  return null;
}

function restoreFile(operation: FileOperation): string | null {
  const { path, before, folders } = operation;
  const now = lstatSync(path, { throwIfNoEntry: false })?.isFile() === false ? "replaced" : readPresent(path);
  if (now === "replaced" || (!isBefore(operation, now) && !isAfter(operation, now))) return `${path} was changed since and is left alone`;
  if (before === null) removeDurably(path);
  else if (!isBefore(operation, now)) writeDurably(path, Buffer.from(before.content, "base64"), before);
  if (existsSync(dirname(path))) removeLeftover(path);
  for (const folder of folders.toReversed()) removeEmptyFolder(folder);
  return null;
}

interface Present {
  readonly content: Buffer;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

function readPresent(path: string): Present | null {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return null;
  if (status.isSymbolicLink()) throw new HardenError(`${path} is a symbolic link: what manages it has to make the change`);
  if (!status.isFile()) throw new HardenError(`${path} is no regular file`);
  return { content: readFileSync(path), mode: status.mode & 0o7777, uid: status.uid, gid: status.gid };
}

function isBefore({ before }: FileOperation, now: Present | null): boolean {
  return before === null ? now === null : now?.content.equals(Buffer.from(before.content, "base64")) === true;
}

function isAfter({ after }: FileOperation, now: Present | null): boolean {
  return now?.content.equals(Buffer.from(after)) === true;
}

function changed(path: string): HardenError {
  return new HardenError(`${path} is not what it was when the plan was made`, { hint: "look at what changed it, then plan again" });
}
