/** A network of the engine with its members joined. */
import Type, { type Static } from "typebox";
import type { Resource } from "../resource.ts";

const closed = { additionalProperties: false } as const;
const TextOrNull = Type.Union([Type.String(), Type.Null()]);

export const Network = Type.Object(
  {
    kind: Type.Literal("network"),
    id: Type.String(),
    name: Type.String(),
    origins: Type.Record(Type.String(), Type.Unknown()),
    unknown: Type.Record(Type.String(), Type.String()),

    driver: Type.String(),
    scope: Type.String(),
    internal: Type.Boolean(),
    ipv6: Type.Boolean(),
    icc: Type.Boolean(),
    /** The engine's default bridge. */
    defaultBridge: Type.Boolean(),
    /** Name of the bridge interface; null for other drivers. */
    bridge: TextOrNull,
    options: Type.Record(Type.String(), Type.String()),
    /** The compose project that made it. */
    project: TextOrNull,
    members: Type.Array(
      Type.Object(
        { key: Type.String(), container: Type.String(), project: TextOrNull, service: TextOrNull, publishes: Type.Boolean() },
        closed,
      ),
    ),
    /** Distinct compose projects of its members. One without a project counts as none: nothing tells which application it is part of. */
    projects: Type.Array(Type.String()),
    /** Names, services and ids of members: what a parameter that declares containers is matched against. */
    memberNames: Type.Array(Type.String()),
    anyPublishes: Type.Boolean(),
  },
  closed,
);

type Shape = Static<typeof Network>;
export type Network = Omit<Shape, "origins" | "unknown"> & Resource;
