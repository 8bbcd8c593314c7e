/** Shapes that the parts of the snapshot's model share. */
import Type from "typebox";

export const closed = { additionalProperties: false } as const;

export const Raw = Type.Record(Type.String(), Type.Unknown());
export const TextOrNull = Type.Union([Type.String(), Type.Null()]);
export const NumberOrNull = Type.Union([Type.Number(), Type.Null()]);
