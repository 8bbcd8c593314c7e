/** A network with its members joined: an engine's, or one of a compose project. */
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

    /** Check: made outside the files that are judged, which only name it. */
    external: Type.Boolean(),
    driver: Type.String(),
    scope: Type.String(),
    internal: Type.Boolean(),
    ipv6: Type.Boolean(),
    /** An overlay network encrypts what passes between hosts. */
    encrypted: Type.Boolean(),
    /** Of a bridge that is no island: how each address family leaves and enters, and whether the engine filters it. */
    gateways: Type.Array(
      Type.Object(
        { key: Type.String({ description: "IPv4 or IPv6" }), mode: Type.String({ description: "nat, nat-unprotected, routed or isolated" }), filtered: Type.Boolean() },
        closed,
      ),
    ),
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
        {
          key: Type.String(), container: Type.String(), project: TextOrNull, service: TextOrNull, publishes: Type.Boolean(),
          /** Name of its image without registry, folders, tag and digest. */
          image: Type.String(),
          /** It is attached to no other network. */
          alone: Type.Boolean(),
        },
        closed,
      ),
    ),
    /** Distinct compose projects of its members. One without a project counts as none: nothing tells which application it is part of. */
    projects: Type.Array(Type.String()),
    /** Names, services and ids of members: what a parameter that declares containers is matched against. */
    memberNames: Type.Array(Type.String()),
    anyPublishes: Type.Boolean(),
    /** Members that publish ports and are attached to no other network. */
    fronts: Type.Array(Type.String()),
    /** Live: members whose packets rules and routes let out to other machines. */
    outgoing: Type.Array(Type.Object({ key: Type.String(), container: Type.String(), service: TextOrNull, witness: Type.String() }, closed)),
    /** Members that publish nothing. */
    backs: Type.Array(Type.Object({ key: Type.String(), container: Type.String(), service: Type.String(), image: Type.String() }, closed)),
  },
  closed,
);

type Shape = Static<typeof Network>;
export type Network = Omit<Shape, "origins" | "unknown"> & Resource;
