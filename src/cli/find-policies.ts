/** Policy files below a folder. */
import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { HardenError } from "../errors.ts";
import { describeSystemError, hintAccess } from "./read-text.ts";

/** More means that somebody named the wrong folder. */
const MAX_FILES = 500;
const MAX_ENTRIES = 20_000;
const TOO_MUCH = "name the folder that holds policies alone";

/** Beside policies, a folder of them may hold profiles. */
const PROFILES = "profiles";

/**
 * The YAML files below a folder, in the order of their paths, without its profiles/ and hidden ones; a file stands for itself. Links to folders
 * are not followed. Throws HardenError if the path cannot be read, holds no policy, or far too much.
 */
export async function findPolicyFiles(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const files = await walk(path);
    if (files.length === 0) throw new HardenError("holds no policy (*.yaml, *.yml)", { position: { file: path }, hint: "harden policy init ID writes one" });
    return files.sort((a, b) => (a < b ? -1 : 1));
  } catch (error) {
    if (error instanceof HardenError) throw error;
    throw new HardenError(`cannot be read: ${describeSystemError(error)}`, { position: { file: path }, cause: error, ...hintAccess(error, path) });
  }
}

async function walk(root: string): Promise<string[]> {
  const files: string[] = [];
  const folders = [root];
  let entries = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      entries++;
      if (entry.name.startsWith(".") || (folder === root && entry.name === PROFILES)) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (isPolicyFile(entry)) files.push(path);
    }
    if (files.length > MAX_FILES) throw new HardenError(`holds more than ${MAX_FILES} YAML files`, { position: { file: root }, hint: TOO_MUCH });
    if (entries > MAX_ENTRIES) throw new HardenError(`holds more than ${MAX_ENTRIES} files and folders`, { position: { file: root }, hint: TOO_MUCH });
  }
  return files;
}

function isPolicyFile(entry: Dirent): boolean {
  return (entry.isFile() || entry.isSymbolicLink()) && /\.ya?ml$/.test(entry.name);
}
