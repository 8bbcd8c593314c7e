/** A file that is replaced as a whole. */
import Type, { type Static } from "typebox";
import type { FileChange } from "../model.ts";
import { closed, common } from "./common.ts";

export const FileOperation = Type.Object(
  {
    kind: Type.Literal("file"),
    ...common,
    path: Type.String(),
    /** What was there, its bytes as base64; null for no file. */
    before: Type.Union([
      Type.Object({ content: Type.String(), mode: Type.Integer(), uid: Type.Integer(), gid: Type.Integer() }, closed),
      Type.Null(),
    ]),
    after: Type.String(),
    /** Permission bits of a file that was not there; one that was keeps its own. */
    fresh: Type.Integer(),
    /** Folders above it that were not there, the outermost first. */
    folders: Type.Array(Type.String()),
  },
  closed,
);
export type FileOperation = Static<typeof FileOperation>;

/** `expected`: the text that was planned on, null for no file. Another one is not replaced. */
export type FileDraft = Pick<FileOperation, "kind" | "step" | "phase" | "path" | "after" | "fresh"> & { readonly expected: string | null };

export function draftFile(step: string, phase: FileDraft["phase"], { path, before, after }: FileChange, fresh = 0o644): FileDraft {
  return { kind: "file", step, phase, path, after, fresh, expected: before };
}
