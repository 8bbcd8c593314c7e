/** An image that a container of this host uses, from the engine's own metadata. */
import Type, { type Static } from "typebox";
import type { Resource } from "../resource.ts";

const TextOrNull = Type.Union([Type.String(), Type.Null()]);

const NumberOrNull = Type.Union([Type.Number(), Type.Null()]);

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
    /** Whole days from then to the snapshot. */
    ageDays: NumberOrNull,
    /** Build steps that hold a credential; the first step is 1. */
    secrets: Type.Array(
      Type.Object(
        {
          key: Type.String(),
          /** The step as it was recorded, with a marker where the credential stands. */
          step: Type.String(),
          /** The rule that recognised it. */
          credential: TextOrNull,
        },
        { additionalProperties: false },
      ),
    ),
    /** Ids of the containers that use it. */
    usedBy: Type.Array(Type.String()),
  },
  { additionalProperties: false },
);

type Shape = Static<typeof Image>;
export type Image = Omit<Shape, "origins" | "unknown"> & Resource;
