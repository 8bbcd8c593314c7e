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
    /** Whether another machine gets to the container by it, within limits, and whether whoever may send does. */
    reachable: Type.Boolean(),
    reachableFromAny: Type.Boolean(),
    /** Who does, in words; "" for nobody. */
    reachableFrom: Type.String(),
    /** One packet that arrives, in words; "" for none. */
    witness: Type.String(),
    /** Prefixes of sources whose SYNs nothing limits on some way, in state NEW or ESTABLISHED. */
    unlimitedFrom: Type.Array(Type.String()),
    /** Of the loosest limit for the others: SYNs a second, and at once; null where there is none. */
    synRate: NumberOrNull,
    synBurst: NumberOrNull,
    /** That limit counts all sources together. */
    synShared: Type.Boolean(),
    /** What holds, as one sentence; "" where nobody gets in. */
    synWords: Type.String(),
    /** A SYN that is not limited, or the least, in words; "" for none. */
    synWitness: Type.String(),
    /** Parallel connections: as for SYNs. */
    unboundedFrom: Type.Array(Type.String()),
    connectionLimit: NumberOrNull,
    answersNullScan: Type.Boolean(),
    answersXmasScan: Type.Boolean(),
    /** INPUT rules for the port's number that visitors of a translated port never meet. */
    inputOnly: Type.Array(Type.Object({ key: Type.String(), rule: Type.String() }, { additionalProperties: false })),
    /** Of an IPv6 binding: the same port of the container is not reachable by IPv4. */
    closedOnIpv4: Type.Boolean(),
  },
  { additionalProperties: false },
);

type Shape = Static<typeof Port>;
export type Port = Omit<Shape, "origins" | "unknown"> & Resource;
