/** Folders that a file of ours needs. */
import { existsSync, rmdirSync } from "node:fs";
import { dirname } from "node:path";

/** The folder and those above it that are not there, the outermost first. */
export function listMissingFolders(folder: string): string[] {
  return existsSync(folder) ? [] : [...listMissingFolders(dirname(folder)), folder];
}

/** Removes it, unless others have put something in it, or it is gone. */
export function removeEmptyFolder(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && (error.code === "ENOTEMPTY" || error.code === "ENOENT"))) throw error;
  }
}
