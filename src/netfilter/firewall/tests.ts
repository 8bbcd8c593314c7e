/**
 * What rules ask of a packet. Negation is resolved into the sets when a rule is lowered; `not` remains for what is no set.
 *
 * A field that a packet does not have (a port of ICMP, the connection of an untracked packet) makes every test of that field false,
 * negated or not, as a failed load does in nf_tables. Where iptables judges otherwise, lowering says so with `not` and `any`.
 */
import type { Intervals } from "../sets/intervals.ts";

export type Test = FieldTest | RouteTest | HistoryTest | ChanceTest | OpaqueTest | AllTest | AnyTest | NotTest;

/** A field of the packet lies in a set: decided by packet and connection alone. */
export type FieldTest = AddressTest | NumberTest | NameTest;

/** An address lies in the set. False for a packet of the other family. */
export interface AddressTest {
  readonly kind: "address";
  readonly field: AddressField;
  readonly family: 4 | 6;
  readonly set: Intervals<bigint>;
}

/** `original…` and `reply…` are the tuples of the connection; absent where there is none. */
export type AddressField = "source" | "destination" | "originalSource" | "originalDestination" | "replySource" | "replyDestination";

/** `field & mask` lies in the set; null is no mask. */
export interface NumberTest {
  readonly kind: "number";
  readonly field: NumberField;
  readonly mask: number | null;
  readonly set: Intervals<number>;
}

/**
 * family: 4 or 6. protocol: of the transport. Ports: only tcp, udp, udplite, sctp, dccp. tcpFlags: eight bits (flagBits), only tcp.
 * icmpType, icmpCode: of ICMP and ICMPv6. fragment: 1 for second and later fragments, else 0. packetType: 0 to this host, 1 broadcast,
 * 2 multicast, 3 to another host. user, group: of the local process that sends; absent for all other packets.
 * connectionState: one of stateBits. connectionStatus: statusBits. connectionDirection: 0 original, 1 reply; absent without connection
 * as are status, mark and tuples.
 */
export type NumberField =
  | "family"
  | "protocol"
  | "sourcePort"
  | "destinationPort"
  | "tcpFlags"
  | "icmpType"
  | "icmpCode"
  | "fragment"
  | "packetType"
  | "mark"
  | "user"
  | "group"
  | "connectionState"
  | "connectionStatus"
  | "connectionDirection"
  | "connectionMark"
  | "connectionProtocol"
  | "originalSourcePort"
  | "originalDestinationPort"
  | "replySourcePort"
  | "replyDestinationPort";

/** Bits of `tcpFlags`, as in the TCP header. */
export const flagBits = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16, URG: 32, ECE: 64, CWR: 128 } as const;

/** Values of `connectionState`: of nf_tables (NF_CT_STATE_BIT). Exactly one bit is set. */
export const stateBits = { INVALID: 1, ESTABLISHED: 2, RELATED: 4, NEW: 8, UNTRACKED: 64 } as const;

/** Bits of `connectionStatus`: enum ip_conntrack_status of the kernel. */
export const statusBits = { EXPECTED: 1, SEEN_REPLY: 2, ASSURED: 4, CONFIRMED: 8, SNAT: 16, DNAT: 32 } as const;

/** The name of an interface is in the set. A packet that came by none (sent here) or leaves by none (to this host) has the name "". */
export interface NameTest {
  readonly kind: "name";
  readonly field: NameField;
  readonly set: NameSet;
}

/** physicalIn, physicalOut: the port of the bridge, of packets that a bridge hands to the IP filters. */
export type NameField = "in" | "out" | "physicalIn" | "physicalOut";

/** All names that are listed or begin with a prefix; `negated`: all others. */
export interface NameSet {
  readonly negated: boolean;
  readonly names: readonly string[];
  readonly prefixes: readonly string[];
}

/** What the host's routing tables decide. Unknown where they are. */
export type RouteTest = AddressTypeTest | ReversePathTest | RouteOutTest;

/** addrtype, `fib … type`: the kind of route that leads to an address. */
export interface AddressTypeTest {
  readonly kind: "addressType";
  readonly field: "source" | "destination";
  /** Only addresses of the interface by which the packet came or leaves count. */
  readonly interface: "in" | "out" | null;
  readonly types: readonly AddressType[];
}

/** As rtnetlink(7) names the types of routes. */
export type AddressType =
  | "unspec"
  | "unicast"
  | "local"
  | "broadcast"
  | "anycast"
  | "multicast"
  | "blackhole"
  | "unreachable"
  | "prohibit"
  | "throw"
  | "nat"
  | "xresolve";

/** -m rpfilter: a route back to the source exists by the interface on which the packet came. */
export interface ReversePathTest {
  readonly kind: "reversePath";
  /** By any interface. */
  readonly loose: boolean;
  readonly acceptLocal: boolean;
  readonly useMark: boolean;
}

/** `fib ADDRESS … oif`: the interface by which an address is routed; "" where no route leads to it. */
export interface RouteOutTest {
  readonly kind: "routeOut";
  readonly field: "source" | "destination";
  /** Only a route by that interface counts. */
  readonly interface: "in" | "out" | null;
  readonly useMark: boolean;
  readonly set: NameSet;
}

/** True while traffic stays within the limit, or (`beyond`) once it does not. */
export interface HistoryTest {
  readonly kind: "history";
  readonly is: "within" | "beyond";
  readonly limit: Limit;
}

/** A measure of what came before. */
export interface Limit {
  /**
   * rate: packets or bytes in time. connections: open at once. seen: the address was noted before (recent, dynamic sets). quota: bytes
   * in all.
   */
  readonly measure: "rate" | "connections" | "seen" | "quota";
  /** Amount, and the seconds in which; null for what is not measured in time. */
  readonly amount: number | null;
  readonly unit: "packets" | "bytes";
  readonly perSeconds: number | null;
  readonly burst: number | null;
  /** What each count is kept for; empty: one count for all. */
  readonly keys: readonly LimitKey[];
  /** Prefix length that source addresses are cut to; null where the source is no key. */
  readonly sourcePrefix: number | null;
  /** As the rule has it: `10/sec burst 20 mode srcip`. */
  readonly text: string;
}

export type LimitKey = "source" | "sourcePort" | "destination" | "destinationPort" | "other";

/** By chance or by the clock: statistic, numgen, time. */
export interface ChanceTest {
  readonly kind: "chance";
  readonly text: string;
}

/** Not understood. Whether it matches cannot be said. */
export interface OpaqueTest {
  readonly kind: "opaque";
  /** As in the rule. */
  readonly text: string;
}

/** Kleene's conjunction; of none it is true. */
export interface AllTest {
  readonly kind: "all";
  readonly tests: readonly Test[];
}

/** Kleene's disjunction; of none it is false. Rows of a set with several fields are `all` tests. */
export interface AnyTest {
  readonly kind: "any";
  readonly tests: readonly Test[];
}

/** Kleene's negation: true also where the field of the test is absent. */
export interface NotTest {
  readonly kind: "not";
  readonly test: Test;
}
