/** The container host itself. */
import Type, { type Static } from "typebox";
import type { Resource } from "../resource.ts";

const closed = { additionalProperties: false } as const;
const NumberOrNull = Type.Union([Type.Number(), Type.Null()]);

const TextOrNull = Type.Union([Type.String(), Type.Null()]);

/** Besides root, an engine's own user, and groups of nobody else. */
const Who = Type.Object(
  {
    users: Type.Array(Type.String()),
    groups: Type.Array(Type.String()),
    /** Everybody. */
    others: Type.Boolean(),
  },
  closed,
);

const EngineFile = Type.Object(
  {
    /** The path. */
    key: Type.String(),
    /** Permission bits. */
    mode: NumberOrNull,
    /** Octal: the mode without what others than its owner need not have. */
    wantedMode: Type.String(),
    /** Mode and owners, for messages: `0666 root:docker`. */
    words: Type.String(),
    /** A private key: nobody else may read it. */
    secret: Type.Boolean(),
    writers: Who,
    readers: Who,
  },
  closed,
);

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
    /** Sockets that the Docker API is served on, and the other files that decide who controls the engine. */
    engineSockets: Type.Array(EngineFile),
    engineFiles: Type.Array(EngineFile),
    /** Users who may reach the engine by a group. */
    dockerGroup: Type.Array(
      Type.Object(
        {
          key: Type.String(), user: Type.String(), group: Type.String(),
          /** It is the user's primary group, by which group(5) does not list him. */
          primary: Type.Boolean(),
        },
        closed,
      ),
    ),
    /** The user whose subordinate ids containers are mapped to; null without userns-remap. */
    remapUser: TextOrNull,
    /** Files that have no range for him. */
    missingSubids: Type.Array(Type.Object({ key: Type.String(), user: Type.String() }, closed)),
    /** Of the engine's files those that are there to be watched, and those that the audit system does not watch now or after a boot. */
    auditTargets: Type.Array(Type.String()),
    auditGaps: Type.Array(Type.Object({ key: Type.String(), running: Type.Boolean(), saved: Type.Boolean() }, closed)),
    /** Null without an engine. */
    dataRoot: TextOrNull,
    /** It lies on the file system of /. */
    dataRootShared: Type.Boolean(),
  },
  closed,
);

type Shape = Static<typeof Host>;
export type Host = Omit<Shape, "origins" | "unknown"> & Resource;
