/** Says why the files that a label names cannot be used, without telling what is in them: anyone can name any file in a label. */
import { resolve } from "node:path/posix";
import { type HardenError, HardenErrors } from "../../errors.ts";
import type { ComposeFiles } from "../../facts/compose-labels.ts";
import type { ReadFile } from "../project/files.ts";

export interface WatchedFiles {
  readonly readFile: ReadFile;
  /** In words, for an error that came of these files. */
  readonly explain: (error: HardenError) => string;
}

/** `workingDirectory`: the one that files are named relative to while they are loaded. */
export function watchFiles(readFile: ReadFile, { files, envFiles }: ComposeFiles, workingDirectory: string): WatchedFiles {
  const unreadable = new Map<string, string>();
  return {
    readFile: (path) => {
      const found = readFile(path);
      if (!("text" in found)) unreadable.set(path, found.reason);
      return found;
    },
    explain: (error) => {
      const { position } = (error instanceof HardenErrors ? error.errors[0] : undefined) ?? error;
      const gone = [...files, ...envFiles].find((path) => unreadable.has(path));
      if (gone !== undefined) return `the compose file ${gone}, which its labels name, cannot be read: ${unreadable.get(gone) ?? ""}`;
      const at = position?.line === undefined ? "" : ` (${resolve(workingDirectory, position.file)}, line ${position.line})`;
      const command = files.every((path) => PLAIN.test(path)) ? `harden check ${files.map((path) => `-f ${path}`).join(" ")}` : "harden check with -f for each";
      return `Compose would not take its files as they are now${at}; ${command} tells why`;
    },
  };
}

/** What a shell takes as it stands: a command of a message is pasted, and a label's path is anyone's. */
const PLAIN = /^[\w@%+:./-]+$/;
