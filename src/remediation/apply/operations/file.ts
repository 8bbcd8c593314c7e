/** Replaces a file, and puts back the one that was there. Never through a symbolic link. */
import { accessSync, constants, existsSync, lstatSync, readFileSync, realpathSync, rmdirSync } from "node:fs";
import { dirname } from "node:path";
import { HardenError } from "../../../errors.ts";
import type { FileDraft, FileOperation } from "../../operations/file.ts";
import { makeFolderDurably, removeDurably, removeLeftover, writeDurably } from "../durable.ts";
import type { Effects } from "./effects.ts";

export const fileEffects: Effects<FileDraft, FileOperation> = {
  read: (draft) => attempt(draft.path, () => readFile(draft)),
  perform: (operation) => attempt(operation.path, () => writeFile(operation)),
  undo: (operation) => attempt(operation.path, () => restoreFile(operation)),
};

/** Of a file that was not there. */
const FRESH = { mode: 0o644, uid: 0, gid: 0 };
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
  const { path, before, after, folders } = operation;
  const now = readPresent(path);
  if (!isBefore(operation, now) && !isAfter(operation, now)) throw changed(path);
  for (const folder of folders) makeFolderDurably(folder, FOLDER_MODE);
  writeDurably(path, after, before ?? FRESH);
  return null;
}

function restoreFile(operation: FileOperation): string | null {
  const { path, before, folders } = operation;
  const now = lstatSync(path, { throwIfNoEntry: false })?.isFile() === false ? "replaced" : readPresent(path);
  if (now === "replaced" || (!isBefore(operation, now) && !isAfter(operation, now))) return `${path} was changed since and is left alone`;
  if (before === null) removeDurably(path);
  else if (!isBefore(operation, now)) writeDurably(path, Buffer.from(before.content, "base64"), before);
  if (existsSync(dirname(path))) removeLeftover(path);
  for (const folder of folders.toReversed()) removeEmpty(folder);
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

/** The outermost first. */
function listMissingFolders(folder: string): string[] {
  return existsSync(folder) ? [] : [...listMissingFolders(dirname(folder)), folder];
}

/** Others may have put something in it since. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && (error.code === "ENOTEMPTY" || error.code === "ENOENT"))) throw error;
  }
}

function changed(path: string): HardenError {
  return new HardenError(`${path} is not what it was when the plan was made`, { hint: "look at what changed it, then plan again" });
}

function attempt<T>(path: string, run: () => T): Promise<T> {
  return new Promise((resolve) => {
    try {
      resolve(run());
    } catch (cause) {
      if (cause instanceof Error && "code" in cause) throw new HardenError(`${path} cannot be changed: ${cause.message}`, { cause });
      throw cause;
    }
  });
}
