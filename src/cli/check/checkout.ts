/** The git checkout that one works in. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** Its root folder; null outside of any. A worktree and a submodule have a file where others have a folder. */
export function findCheckout(start: string): string | null {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) return folder;
    if (dirname(folder) === folder) return null;
  }
}
