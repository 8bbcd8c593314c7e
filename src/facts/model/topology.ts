/** What stands where on a live host, and who gets to what: the keys `topology` and `reachability` of a report. */
import Type, { type Static } from "typebox";

const closed = { additionalProperties: false } as const;
const TextOrNull = Type.Union([Type.String(), Type.Null()]);
const Family = Type.Union([Type.Literal("v4"), Type.Literal("v6")]);

export const Topology = Type.Object(
  {
    /** Interfaces that lead to other machines, an entry for each address of this host on them. */
    outsides: Type.Array(Type.Object({ interface: Type.String(), family: Family, address: Type.String() }, closed)),
    networks: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          driver: Type.String(),
          /** Name of its interface on the host; null for what is no bridge. */
          bridge: TextOrNull,
          internal: Type.Boolean(),
          /** Ids of the containers on it, running or not. */
          containers: Type.Array(Type.String()),
        },
        closed,
      ),
    ),
    containers: Type.Array(
      Type.Object({ id: Type.String(), project: TextOrNull, running: Type.Boolean(), hostNetwork: Type.Boolean({ description: "Its programs listen on the host's own addresses" }) }, closed),
    ),
    ports: Type.Array(
      Type.Object(
        { id: Type.String(), family: Family, protocol: Type.String(), hostIp: Type.String(), hostPort: Type.Union([Type.Number(), Type.Null()]), container: Type.String(), containerPort: Type.Number() },
        closed,
      ),
    ),
  },
  closed,
);

const REACH_STATES = ["reachable", "limited", "closed", "unknown"] as const;

/** One end of a way. outside: other machines. host: what listens on the host itself. published: all ports that containers publish. */
const Sender = Type.Union([Type.Object({ kind: Type.Literal("outside") }, closed), Type.Object({ kind: Type.Literal("network"), name: Type.String() }, closed)]);
const Target = Type.Union([
  Sender,
  Type.Object({ kind: Type.Literal("host") }, closed),
  Type.Object({ kind: Type.Literal("published") }, closed),
  Type.Object({ kind: Type.Literal("port"), name: Type.String({ description: "id of a published port" }) }, closed),
]);

export const Reach = Type.Object(
  {
    /** A network stands for the containers that run on it: whether any of them gets there, or can be got to straight at its own address. */
    from: Sender,
    to: Target,
    family: Family,
    /** limited: only from some sources, or only so often. What rules and routes say: whether anything listens there is not asked. */
    state: Type.Enum(REACH_STATES),
    /** Of TCP (of a published port its own protocol), that are got to: `80`, `8000-8010`. Of a published port none where only another way leads to the container. */
    ports: Type.Array(Type.String()),
    /** Of those who get there: `any source`, or prefixes. */
    sources: Type.Array(Type.String()),
    /** The rule that decides, where it stands and as it is written, or the reason in words. */
    why: Type.String(),
  },
  closed,
);

export const Reachability = Type.Object(
  {
    table: Type.Array(Reach),
    /** Ways that were not asked for, since there are too many of them on this host. */
    omitted: Type.Number(),
  },
  closed,
);

export type Topology = Static<typeof Topology>;
export type Reach = Static<typeof Reach>;
export type ReachState = Reach["state"];
export type Reachability = Static<typeof Reachability>;
