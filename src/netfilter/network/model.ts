/** The network side of one namespace: what decides where a packet goes before and between the rule sets. Plain data. */
import type { Address } from "../addresses.ts";

/** As `ip -j` and the sysctls tell it. Addresses are numbers (addresses.ts). */
export interface NetworkState {
  readonly links: readonly Link[];
  readonly addresses: readonly InterfaceAddress[];
  /** Of every table. */
  readonly routes: readonly Route[];
  /** `ip rule` by family; null where it was not read. */
  readonly rules: { readonly 4: readonly RoutingRule[] | null; readonly 6: readonly RoutingRule[] | null };
  /**
   * By key, an interface's dot written as a slash: `net.ipv4.conf.eth0/1.rp_filter`. A null value could not be read. Null as a whole: none
   * were read; the values of a container host are assumed then, which are the kernel's defaults but for forwarding, which is on.
   */
  readonly sysctls: Readonly<Record<string, string | null>> | null;
}

export interface Link {
  readonly name: string;
  /** `bridge`, `veth`, `vlan` …; null for hardware and loopback. */
  readonly kind: string | null;
  /** The bridge, bond or VRF that it is a port of. */
  readonly master: string | null;
  readonly up: boolean;
  readonly loopback: boolean;
  /** Of a bridge that hands its packets to the packet filters on its own account, whatever net.bridge.* says. */
  readonly bridgeFilters: { readonly 4: boolean; readonly 6: boolean };
  /** Of a port that sends packets back out of itself. */
  readonly hairpin: boolean;
}

export interface InterfaceAddress {
  readonly family: 4 | 6;
  readonly interface: string;
  readonly address: bigint;
  readonly length: number;
  /** Of a network that an earlier address of the interface has; no source for packets. */
  readonly secondary: boolean;
  /** Valid on its link or this host only. */
  readonly narrow: boolean;
}

export interface Route {
  readonly family: 4 | 6;
  readonly destination: Prefix;
  /** Only packets with such a source; null: all. IPv6 only. */
  readonly source: Prefix | null;
  /** Only packets with this TOS; 0: all. */
  readonly tos: number;
  readonly type: RouteType;
  /** `local`, `main`, `default`, a name or a number. */
  readonly table: string;
  readonly metric: number;
  /** Made by the kernel itself, for an address. */
  readonly automatic: boolean;
  /** Empty for types that go nowhere. */
  readonly hops: readonly NextHop[];
}

export type RouteType = "unicast" | "local" | "broadcast" | "anycast" | "multicast" | "blackhole" | "unreachable" | "prohibit" | "throw" | "nat";

export interface NextHop {
  readonly interface: string;
  /** Null: the destination is on the link. */
  readonly gateway: Address | null;
  readonly dead: boolean;
  readonly linkdown: boolean;
}

export interface Prefix {
  readonly address: bigint;
  readonly length: number;
}

/** A routing rule of `ip rule`. What is null is not asked. */
export interface RoutingRule {
  readonly priority: number;
  readonly negated: boolean;
  readonly source: Prefix | null;
  readonly destination: Prefix | null;
  readonly inInterface: string | null;
  readonly outInterface: string | null;
  readonly mark: { readonly value: number; readonly mask: number } | null;
  /** Conditions that are not modelled here (ports, protocol, user, TOS …), by name: whether they hold is unknown. */
  readonly unmodelled: readonly string[];
  readonly action: RuleAction;
}

export type RuleAction =
  /** Routes whose prefix is not longer than `suppressLength` are passed over; -1: none are. */
  | { readonly kind: "table"; readonly table: string; readonly suppressLength: number }
  | { readonly kind: "goto"; readonly priority: number }
  | { readonly kind: "nop" }
  /** To the table of the VRF of the interface; for an interface outside of any VRF nothing. */
  | { readonly kind: "vrf" }
  | { readonly kind: "blackhole" | "unreachable" | "prohibit" };

/** A packet, as far as routing looks at it. */
export interface RoutedPacket {
  readonly family: 4 | 6;
  readonly source: bigint;
  readonly destination: bigint;
  /** The interface by which it came; null for a packet that the host itself sends. */
  readonly in: string | null;
  readonly mark: number;
}

/** Where a packet goes. */
export type Routing =
  /** To the host itself. `type`: how it was addressed. */
  | { readonly kind: "local"; readonly type: "unicast" | "broadcast" | "multicast" | "anycast" }
  | { readonly kind: "forward"; readonly out: string; readonly gateway: Address | null }
  /** Nowhere. `answer`: the ICMP error that the sender gets, if any. */
  | { readonly kind: "drop"; readonly reason: DropReason; readonly answer: RoutingError | null }
  | { readonly kind: "unknown"; readonly reason: string };

export type DropReason =
  | "martian source"
  | "martian destination"
  | "reverse path filter"
  | "no route"
  | "unreachable route"
  | "blackhole route"
  | "prohibit route"
  | "forwarding is off"
  | "source may not be forwarded"
  | "source is no own address";

export type RoutingError = "net-unreachable" | "host-unreachable" | "admin-prohibited" | "no-route" | "not-neighbour";
