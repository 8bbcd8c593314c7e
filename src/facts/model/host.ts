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
    /** Each network namespace's connection tracking. */
    conntrack: Type.Array(
      Type.Object(
        {
          /** host, or the container's id. */
          key: Type.String(),
          count: NumberOrNull,
          max: NumberOrNull,
          /** count / max. */
          usage: NumberOrNull,
          /** Growth of `drop` and `early_drop` between the two samples. */
          drops: NumberOrNull,
        },
        closed,
      ),
    ),
    /** Name servers in use, of the host and of each container, and files of a container that can be tampered with from inside. */
    resolvers: Type.Array(
      Type.Object(
        {
          key: Type.String(),
          /** host, or the container's id. */
          of: Type.String(),
          address: Type.String(),
          /** public: a public resolver; linkLocal; private; loopback. */
          scope: Type.String(),
        },
        closed,
      ),
    ),
    writableResolverFiles: Type.Array(Type.Object({ key: Type.String(), container: Type.String(), target: Type.String(), source: Type.String() }, closed)),
  },
  closed,
);

type Shape = Static<typeof Host>;
export type Host = Omit<Shape, "origins" | "unknown"> & Resource;
