/** A symbolic link by which a service manager starts a service of ours. */
import Type, { type Static } from "typebox";
import type { PersistenceStep } from "../model.ts";
import { closed, common } from "./common.ts";
import { draftFile, type FileDraft } from "./file.ts";

export const LinkOperation = Type.Object(
  {
    kind: Type.Literal("link"),
    ...common,
    path: Type.String(),
    target: Type.String(),
    /** Folders above it that were not there, the outermost first. */
    folders: Type.Array(Type.String()),
  },
  closed,
);
export type LinkOperation = Static<typeof LinkOperation>;
export type LinkDraft = Omit<LinkOperation, "folders">;

/** The files before the links that have them run. */
export function draftPersistence({ id, files, links }: PersistenceStep): (FileDraft | LinkDraft)[] {
  return [
    ...files.map((file) => draftFile(id, "keep", { path: file.path, before: file.before, after: file.after }, file.executable ? 0o755 : 0o644)),
    ...links.map(({ path, target }): LinkDraft => ({ kind: "link", step: id, phase: "keep", path, target })),
  ];
}
