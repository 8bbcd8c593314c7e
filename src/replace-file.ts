import { closeSync, fchmodSync, fchownSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";

/** Who may do what with a file: permission bits, and the ids of its owner; null is whoever writes it. */
export interface Rights {
  readonly mode: number;
  readonly owner: { readonly uid: number; readonly gid: number } | null;
}

/**
 * Replaces or makes a file, whole or not at all, by `fresh`, a name beside it that must be free. Its content is on disk before it has its name. Throws as
 * node:fs does, and then leaves nothing behind.
 */
export function replaceFile(path: string, fresh: string, content: string | Uint8Array, { mode, owner }: Rights): void {
  // Nothing, not even a link, has that name; nobody else reads it before it has its mode.
  const descriptor = openSync(fresh, "wx", 0o600);
  try {
    try {
      writeFileSync(descriptor, content);
      if (owner !== null) fchownSync(descriptor, owner.uid, owner.gid);
      fchmodSync(descriptor, mode);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}
