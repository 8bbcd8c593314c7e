/** A folder of files for collectors that take a root: it stands for a machine's file system. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** Writes files by their absolute paths; a text that begins with `-> ` makes a symbolic link. Gives the root, which goes with the test. */
export function plantTree(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), "harden-tree-"));
  onTestFinished(() => { rmSync(root, { recursive: true }); });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(root + path), { recursive: true });
    if (text.startsWith("-> ")) symlinkSync(text.slice(3), root + path);
    else writeFileSync(root + path, text);
  }
  return root;
}
