/** One published port as seen from outside, one for each address family that it is bound in. */
import Type, { type Static } from "typebox";
import type { Resource } from "../resource.ts";

const NumberOrNull = Type.Union([Type.Number(), Type.Null()]);

export const Port = Type.Object(
  {
    kind: Type.Literal("port"),
    /** `v4 0.0.0.0:8080/tcp → web:80`. */
    id: Type.String(),
    /** Host port, `8080/tcp`. */
    name: Type.String(),
    origins: Type.Record(Type.String(), Type.Unknown()),
    unknown: Type.Record(Type.String(), Type.String()),

    family: Type.Union([Type.Literal("v4"), Type.Literal("v6")]),
    protocol: Type.String(),
    hostIp: Type.String(),
    hostPort: NumberOrNull,
    container: Type.String(),
    containerPort: Type.Number(),
    loopback: Type.Boolean(),
    /** The rest needs the netfilter engine. Connection attempts per second and source beyond which they are dropped on every path; null: no limit. */
    synRate: NumberOrNull,
    synBurst: NumberOrNull,
    /** Parallel connections per source; null: no limit. */
    connectionLimit: NumberOrNull,
    answersNullScan: Type.Boolean(),
    answersXmasScan: Type.Boolean(),
  },
  { additionalProperties: false },
);

type Shape = Static<typeof Port>;
export type Port = Omit<Shape, "origins" | "unknown"> & Resource;
