/** An image that a container of this host uses, from the engine's own metadata. */
import Type, { type Static } from "typebox";
import type { Resource } from "../resource.ts";

const TextOrNull = Type.Union([Type.String(), Type.Null()]);

export const Image = Type.Object(
  {
    kind: Type.Literal("image"),
    /** First tag, else digest. */
    id: Type.String(),
    name: Type.String(),
    origins: Type.Record(Type.String(), Type.Unknown()),
    unknown: Type.Record(Type.String(), Type.String()),

    user: Type.String(),
    root: Type.Boolean(),
    healthcheck: Type.Boolean(),
    created: TextOrNull,
  },
  { additionalProperties: false },
);

type Shape = Static<typeof Image>;
export type Image = Omit<Shape, "origins" | "unknown"> & Resource;
