/**
 * The conditions of a rule, typed: facts of iptables-extensions(8) and of the `save` functions of the iptables sources. Where a form
 * has a default it is filled in, so that equal conditions are equal data.
 */

import type { ConnlimitMatch, HashlimitMatch, LimitMatch, RecentMatch } from "./rate-matches.ts";
import type { AddressRange, InterfaceName, Negatable, Network, Range, TcpFlags } from "./terms.ts";

/** One condition, and the positions in `rule.tokens` of its words. */
export type Match = Condition & { readonly tokens: readonly number[] };

export type Condition =
  | AddressMatch
  | InterfaceMatch
  | ProtocolMatch
  /** -f: second and later fragments. */
  | { readonly kind: "fragment"; readonly negated: boolean }
  | PortsMatch
  | MultiportMatch
  | IcmpMatch
  | ConntrackMatch
  | AddrtypeMatch
  | MarkMatch
  | PhysdevMatch
  | LimitMatch
  | HashlimitMatch
  | ConnlimitMatch
  | RecentMatch
  | OwnerMatch
  | { readonly kind: "comment"; readonly text: string }
  | { readonly kind: "pkttype"; readonly negated: boolean; readonly type: string }
  | RpfilterMatch
  | StatisticMatch
  | TimeMatch
  | StringMatch
  | { readonly kind: "u32"; readonly negated: boolean; readonly expression: string }
  | SetMatch
  | IprangeMatch
  | OpaqueMatch;

/** -s, -d. Several networks (only written by hand) are alternatives. */
export interface AddressMatch {
  readonly kind: "source" | "destination";
  readonly negated: boolean;
  readonly networks: readonly Network[];
}

/** -i, -o. */
export interface InterfaceMatch extends InterfaceName {
  readonly kind: "in-interface" | "out-interface";
  readonly negated: boolean;
}

/** -p, as a number; 0 is every protocol. */
export interface ProtocolMatch {
  readonly kind: "protocol";
  readonly negated: boolean;
  readonly number: number;
}

/** -m tcp, udp, sctp. `flags` and `option` only with tcp, `chunks` only with sctp. */
export interface PortsMatch {
  readonly kind: "tcp" | "udp" | "sctp";
  readonly sourcePorts: Negatable<Range> | null;
  readonly destinationPorts: Negatable<Range> | null;
  readonly flags: Negatable<TcpFlags> | null;
  readonly option: Negatable<number> | null;
  readonly chunks: Negatable<{ readonly scope: string; readonly types: string }> | null;
}

/** -m multiport: any of the ranges; `either` is source or destination. */
export interface MultiportMatch {
  readonly kind: "multiport";
  readonly side: "source" | "destination" | "either";
  readonly negated: boolean;
  readonly ports: readonly Range[];
}

/** -m icmp, icmp6. Type null is any type, codes null any code. */
export interface IcmpMatch {
  readonly kind: "icmp" | "icmp6";
  readonly negated: boolean;
  readonly type: number | null;
  readonly code: number | null;
}

/** -m conntrack, and -m state, which is its older form. Every condition given must hold. States and statuses are sorted. */
export interface ConntrackMatch {
  readonly kind: "conntrack";
  readonly states: Negatable<readonly string[]> | null;
  readonly statuses: Negatable<readonly string[]> | null;
  readonly protocol: Negatable<number> | null;
  readonly originalSource: Negatable<Network> | null;
  readonly originalDestination: Negatable<Network> | null;
  readonly replySource: Negatable<Network> | null;
  readonly replyDestination: Negatable<Network> | null;
  readonly originalSourcePorts: Negatable<Range> | null;
  readonly originalDestinationPorts: Negatable<Range> | null;
  readonly replySourcePorts: Negatable<Range> | null;
  readonly replyDestinationPorts: Negatable<Range> | null;
  /** Seconds. */
  readonly expires: Negatable<Range> | null;
  readonly direction: "original" | "reply" | null;
}

/** -m addrtype. Types as the kernel's routing names them (LOCAL, BROADCAST, …), sorted. */
export interface AddrtypeMatch {
  readonly kind: "addrtype";
  readonly source: Negatable<readonly string[]> | null;
  readonly destination: Negatable<readonly string[]> | null;
  /** Judged only by addresses of the interface on which the packet came or leaves. */
  readonly limitInterface: "in" | "out" | null;
}

/** -m mark (of the packet), -m connmark (of the connection): mark & mask equals value. Unsigned 32 bit. */
export interface MarkMatch {
  readonly kind: "mark" | "connmark";
  readonly negated: boolean;
  readonly value: number;
  readonly mask: number;
}

/** -m physdev: the port of a bridge. */
export interface PhysdevMatch {
  readonly kind: "physdev";
  readonly in: Negatable<InterfaceName> | null;
  readonly out: Negatable<InterfaceName> | null;
  readonly isIn: boolean | null;
  readonly isOut: boolean | null;
  readonly isBridged: boolean | null;
}

/** -m owner: the local process that sends. Numeric ids. */
export interface OwnerMatch {
  readonly kind: "owner";
  readonly users: Negatable<Range> | null;
  readonly groups: Negatable<Range> | null;
  readonly supplementaryGroups: boolean;
  readonly socketExists: boolean | null;
}

/** -m rpfilter: a route back to the source exists by the interface on which the packet came; `invert`: it does not. */
export interface RpfilterMatch {
  readonly kind: "rpfilter";
  readonly loose: boolean;
  readonly validMark: boolean;
  readonly acceptLocal: boolean;
  readonly invert: boolean;
}

/** -m statistic: at random, or every nth packet. */
export type StatisticMatch = { readonly kind: "statistic"; readonly negated: boolean } & (
  | { readonly mode: "random"; readonly probability: number }
  | { readonly mode: "nth"; readonly every: number; readonly packet: number }
);

/** -m time. `YYYY-MM-DDThh:mm:ss`, `hh:mm:ss`; null has no bound. `kernelTimezone`: not UTC. */
export interface TimeMatch {
  readonly kind: "time";
  readonly dateStart: string | null;
  readonly dateStop: string | null;
  readonly timeStart: string | null;
  readonly timeStop: string | null;
  /** The days on which it matches, 1 to 31 and 1 (Monday) to 7; `!` is resolved, as iptables-save does. Null: all. */
  readonly monthDays: readonly number[] | null;
  readonly weekdays: readonly number[] | null;
  readonly contiguous: boolean;
  readonly kernelTimezone: boolean;
}

/** -m string: bytes somewhere in the packet. `pattern` as written; `hex`: parts between `|` are hexadecimal. */
export interface StringMatch {
  readonly kind: "string";
  readonly negated: boolean;
  readonly pattern: string;
  readonly hex: boolean;
  readonly algorithm: string;
  readonly from: number;
  readonly to: number;
  readonly ignoreCase: boolean;
}

/** -m set: membership in an ipset (contents: `ipset save`). One direction a dimension. */
export interface SetMatch {
  readonly kind: "set";
  readonly negated: boolean;
  readonly set: string;
  readonly directions: readonly ("src" | "dst")[];
  readonly returnNomatch: boolean;
}

/** -m iprange. */
export interface IprangeMatch {
  readonly kind: "iprange";
  readonly source: Negatable<AddressRange> | null;
  readonly destination: Negatable<AddressRange> | null;
}

/** An extension that is not modelled, or one whose words hold something unknown: whether it matches cannot be said. */
export interface OpaqueMatch {
  readonly kind: "opaque";
  /** For a basic option with a strange value, the option. */
  readonly extension: string;
  readonly words: readonly string[];
}
