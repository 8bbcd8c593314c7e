/** Files and folders that are on disk, names included, when the call returns (fsync(2): a file's name is on disk only with its folder). */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { replaceFile } from "../../replace-file.ts";

export interface Ownership {
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Replaces or makes a file, whole or not at all. Throws as node:fs does, and then leaves nothing behind. */
export function writeDurably(path: string, content: string | Uint8Array, { mode, uid, gid }: Ownership): void {
  const fresh = freshName(path);
  rmSync(fresh, { force: true });
  replaceFile(path, fresh, content, { mode, owner: { uid, gid } });
  syncFolder(dirname(path));
}

/** Removes a file, and what a write of it that was cut off has left. */
export function removeDurably(path: string): void {
  if (!existsSync(dirname(path))) return;
  rmSync(freshName(path), { force: true });
  rmSync(path, { force: true });
  syncFolder(dirname(path));
}

/** Removes what a write that was cut off has left. */
export function removeLeftover(path: string): void {
  rmSync(freshName(path), { force: true });
}

/** Makes one folder; one that is there stays as it is. */
export function makeFolderDurably(folder: string, mode: number): void {
  if (existsSync(folder)) return;
  mkdirSync(folder, { mode });
  syncFolder(dirname(folder));
}

/** In the same folder, so that the rename stays within one file system; the same every time, so that it is found again. */
function freshName(path: string): string {
  return join(dirname(path), `.${basename(path)}.harden-new`);
}

/** Has the names in it on disk. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
