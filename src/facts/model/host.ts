/** The container host itself. */
import Type, { type Static } from "typebox";
import type { Resource } from "../resource.ts";

const closed = { additionalProperties: false } as const;
const NumberOrNull = Type.Union([Type.Number(), Type.Null()]);

export const Host = Type.Object(
  {
    kind: Type.Literal("host"),
    id: Type.Literal("host"),
    name: Type.String(),
    origins: Type.Record(Type.String(), Type.Unknown()),
    unknown: Type.Record(Type.String(), Type.String()),

    kernel: Type.String(),
    /** Each network namespace's connection tracking; empty where the kernel tracks none. */
    conntrack: Type.Array(
      Type.Object(
        {
          /** host, or the id of the container that the namespace belongs to. */
          key: Type.String(),
          count: NumberOrNull,
          /** 0 means no limit. */
          max: NumberOrNull,
          /** count / max; 0 without a limit. */
          usage: NumberOrNull,
          /** Growth of `drop` and `early_drop` between the two samples. */
          drops: NumberOrNull,
        },
        closed,
      ),
    ),
    /** Name servers in use, of the host and of each container; what a container takes over from the host stands there only. */
    resolvers: Type.Array(
      Type.Object(
        {
          key: Type.String(),
          /** host, or the container's id. */
          of: Type.String(),
          address: Type.String(),
          /** global (routed on the Internet), private, linkLocal, loopback, unspecified or invalid. */
          scope: Type.String(),
        },
        closed,
      ),
    ),
    /** The user's mounts over a container's /etc/resolv.conf or /etc/hosts that it can write. */
    writableResolverFiles: Type.Array(Type.Object({ key: Type.String(), container: Type.String(), target: Type.String(), source: Type.String() }, closed)),
  },
  closed,
);

type Shape = Static<typeof Host>;
export type Host = Omit<Shape, "origins" | "unknown"> & Resource;
