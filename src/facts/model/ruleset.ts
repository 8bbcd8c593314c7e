/** The firewall of one address family as the kernel holds it. */
import Type, { type Static } from "typebox";
import type { Resource } from "../resource.ts";

const closed = { additionalProperties: false } as const;
const TextOrNull = Type.Union([Type.String(), Type.Null()]);

export const Ruleset = Type.Object(
  {
    kind: Type.Literal("ruleset"),
    id: Type.Union([Type.Literal("v4"), Type.Literal("v6")]),
    name: Type.String(),
    origins: Type.Record(Type.String(), Type.Unknown()),
    unknown: Type.Record(Type.String(), Type.String()),

    /** Which back end Docker's chains are in: nft, legacy; nftables for the engine's own nftables back end. */
    backend: TextOrNull,
    /** The containers are podman's, which leaves the administrator no chain of rules before its own. */
    podman: Type.Boolean(),
    /** Whether containers have addresses of this family (v4 always; v6 with an IPv6 network). */
    containerTraffic: Type.Boolean(),
    dockerUser: Type.Object(
      {
        exists: Type.Boolean(),
        /** Jumped to from FORWARD, directly or not, before Docker's own accepts. */
        reached: Type.Boolean(),
        /** An own base chain on hook forward before Docker's accepts serves as well. */
        substitute: Type.Boolean(),
        /** Nothing in it but RETURN. */
        empty: Type.Boolean(),
        /** One sentence of why it is not reached. */
        reason: TextOrNull,
      },
      closed,
    ),
    /** A port of this family is published beyond loopback. */
    publishesBeyondLoopback: Type.Boolean(),
    /** Running rules of the administrator's that no saved file holds, as `TABLE RULE`. */
    unsaved: Type.Array(Type.String()),
    /** Rules that a boot restores and that are not as what runs: the administrator's that do not run, and Docker's own. */
    savedDrift: Type.Array(Type.Object({ key: Type.String(), file: Type.String(), text: Type.String() }, closed)),
    /** One sentence where two back ends hold rules, or the one that people write to is not the one that counts; else null. */
    conflict: TextOrNull,
    /** Bridges that keep their containers apart by rules which traffic within a bridge does not meet. */
    unfilteredBridges: Type.Array(Type.Object({ key: Type.String(), network: Type.String(), bridge: Type.String(), setting: Type.String() }, closed)),
    /** The administrator's rules for forwarded packets that name a published port, which those packets no longer have. */
    portMismatches: Type.Array(Type.Object({ key: Type.String(), rule: Type.String(), hostPort: Type.Number(), containerPort: Type.Number() }, closed)),
    /** Networks whose containers' own connections are held up by a limit, and those whose answers are dropped, with the rule. */
    egressLimits: Type.Array(Type.Object({ key: Type.String(), network: Type.String(), rule: Type.String() }, closed)),
    droppedAnswers: Type.Array(Type.Object({ key: Type.String(), network: Type.String(), rule: Type.String() }, closed)),
    /** The administrator's rules that no packet ever meets, and those without which every packet would fare the same, with the reason. */
    deadRules: Type.Array(Type.Object({ key: Type.String(), rule: Type.String(), because: Type.String() }, closed)),
    shadowedRules: Type.Array(Type.Object({ key: Type.String(), rule: Type.String(), because: Type.String() }, closed)),
    /** Why questions about reachability have no answer: rules that are not understood, parts that were not read. */
    unanalysable: Type.Array(Type.Object({ key: Type.String(), reason: Type.String() }, closed)),
    /** Whether what the administrator's rules drop is logged before it is gone, and at most how often a minute (null: no limit). */
    logsDrops: Type.Boolean(),
    logRate: Type.Union([Type.Number(), Type.Null()]),
  },
  closed,
);

type Shape = Static<typeof Ruleset>;
export type Ruleset = Omit<Shape, "origins" | "unknown"> & Resource;
