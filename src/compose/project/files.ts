/** How compose files are read: everything here is pure over such a reader. */
import type { ComposeDocument } from "../yaml/read.ts";

/** The text of a file, or why there is none. */
export type FileText =
  | { readonly text: string }
  | { readonly fault: "missing" | "folder" | "unreadable"; readonly reason: string };

/** Reads a file by its absolute path; never throws. */
export type ReadFile = (path: string) => FileText;

/** A file that had a part in the project. */
export interface UsedFile {
  readonly path: string;
  /** As messages name it. */
  readonly file: string;
  readonly role: "compose" | "override" | "include" | "extends" | "environment" | "env_file" | "label_file";
}

export type Documents = readonly ComposeDocument[];
