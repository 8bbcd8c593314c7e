/** Shapes that the parts of the snapshot's model share. */
import Type from "typebox";

export const closed = { additionalProperties: false } as const;

export const Raw = Type.Record(Type.String(), Type.Unknown());
export const TextOrNull = Type.Union([Type.String(), Type.Null()]);
export const NumberOrNull = Type.Union([Type.Number(), Type.Null()]);

/** A file read for its text. `error` is the code (EACCES, ENOENT …) where it could not be read. */
export const TextFile = Type.Object({ path: Type.String(), text: TextOrNull, error: TextOrNull }, closed);
