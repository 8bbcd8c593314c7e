/** A file's permission bits. */
import Type, { type Static } from "typebox";
import type { ModesStep } from "../model.ts";
import { closed, common } from "./common.ts";

export const ModeOperation = Type.Object(
  {
    kind: Type.Literal("mode"),
    ...common,
    /** Without a symbolic link on the way. */
    path: Type.String(),
    before: Type.Integer(),
    after: Type.Integer(),
  },
  closed,
);
export type ModeOperation = Static<typeof ModeOperation>;
/** `before`: what was planned on; another is not changed. */
export type ModeDraft = ModeOperation;

/** A reboot makes sockets anew, but gives no file its bits back. */
export function draftModes({ id, changes }: ModesStep): ModeDraft[] {
  return changes.map(({ path, before, after, lasting }) => (
    { kind: "mode", step: id, phase: lasting ? "keep" : "try", path, before: Number.parseInt(before, 8), after: Number.parseInt(after, 8) }));
}
