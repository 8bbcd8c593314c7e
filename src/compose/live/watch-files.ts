/** Says why the files that a label names cannot be used, without telling what is in them: anyone can name any file in a label. */
import { resolve } from "node:path/posix";
import { type HardenError, HardenErrors } from "../../errors.ts";
import type { ComposeFiles } from "../../facts/compose-labels.ts";
import type { FilePlace } from "../../facts/resource.ts";
import type { FileText, ReadFile } from "../project/files.ts";

/** Why a project is not known. */
export interface Unusable {
  readonly reason: string;
  /** Of what makes it so: absolute; null where that is in no file. */
  readonly place: FilePlace | null;
}

export interface WatchedFiles {
  readonly readFile: ReadFile;
  /** Of an error that came of these files. */
  readonly explain: (error: HardenError) => Unusable;
}

/** `workingDirectory`: the one that files are named relative to while they are loaded. */
export function watchFiles(readFile: ReadFile, { files, envFiles }: ComposeFiles, workingDirectory: string): WatchedFiles {
  const without = new Map<string, Exclude<FileText, { readonly text: string }>>();
  return {
    readFile: (path) => {
      const found = readFile(path);
      if (!("text" in found)) without.set(path, found);
      return found;
    },
    explain: (error) => {
      const { position } = (error instanceof HardenErrors ? error.errors[0] : undefined) ?? error;
      const gone = [...files, ...envFiles].find((path) => without.has(path));
      if (gone !== undefined) return { reason: `the compose file ${gone}, which its labels name, cannot be read: ${without.get(gone)?.reason ?? ""}`, place: startOf(gone) };
      const [main = ""] = files;
      const place = position?.line === undefined ? startOf(main) : startOf(resolve(workingDirectory, position.file), position.line, position.column);
      const unread = [...without].find(([, { fault }]) => fault === "unreadable");
      if (unread !== undefined) return { reason: `the file ${unread[0]}, to which its compose files lead, cannot be read: ${unread[1].reason}`, place };
      const at = position?.line === undefined ? "" : ` (${place.file}, line ${place.line})`;
      const command = files.every((path) => PLAIN.test(path)) ? `harden check ${files.map((path) => `-f ${path}`).join(" ")}` : "harden check with -f for each";
      return { reason: `Compose would not take its files as they are now${at}; ${command} tells why`, place };
    },
  };
}

/** What a shell takes as it stands: a command of a message is pasted, and a label's path is anyone's. */
const PLAIN = /^[\w@%+:./-]+$/;

function startOf(file: string, line = 1, column = 1): FilePlace {
  return { file, line, column, endLine: line, endColumn: column };
}
