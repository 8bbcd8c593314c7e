/** What the walks ask of the host's links, addresses, routes and sysctls. Implemented in network/; all pure. What cannot be told is "unknown". */
import type { Address } from "../addresses.ts";
import type { AddressType } from "../firewall/tests.ts";

/** Without one (null) everything that hangs on routing is unknown. */
export interface HostNetwork {
  /** The names of all links. */
  readonly linkNames: readonly string[];
  /** The link of that name; null if there is none. */
  readonly link: (name: string) => NetworkLink | null;
  /** Whether the address is one of this host's own for a packet that comes by that interface (null: sent here): the local table. */
  readonly isLocal: (address: Address, iif: string | null) => boolean | Unknown;
  /** ip_route_input: what becomes of a packet that came in, source validation (rp_filter), martians and forwarding included. */
  readonly routeInput: (request: RouteRequest & { readonly in: string }) => Route;
  /** ip_route_output: where a packet that this host sends goes. */
  readonly routeOutput: (request: RouteRequest) => Route;
  /** inet_addr_type, or with `device` inet_dev_addr_type: the type of route that leads to the address. */
  readonly addressType: (address: Address, device: string | null) => AddressType | Unknown;
  /** Whether the address lies in a network that is known to be on that bridge, an address of this host in it or not. */
  readonly isBehind: (address: Address, bridge: string) => boolean;
  /** -m rpfilter: whether a route leads back. */
  readonly reversePath: (request: ReversePathRequest) => boolean | Unknown;
  /** `fib … oif`: the interface by which the address is routed, only by `device` where one is given; null without a route. */
  readonly routeOut: (request: RouteOutRequest) => { readonly out: string | null } | Unknown;
  /** The address that masquerading on that interface gives a packet to the destination; null: it has none of that family, and drops. */
  readonly sourceAddress: (device: string, destination: Address) => Address | null;
  /** The address to which a packet that came by that interface is redirected; null if it has none of that family. */
  readonly redirectAddress: (device: string, destination: Address) => Address | null;
  /** Where, along the source addresses, an answer can change. */
  readonly sourceCuts: (family: 4 | 6) => SourceCuts;
  /** The value of a sysctl (`net.bridge.bridge-nf-call-iptables`); null if it is not known. */
  readonly sysctl: (key: string) => string | null;
}

export type Unknown = "unknown";

export interface SourceCuts {
  /** Sorted, from 0 to the end of the address space: between two of them all answers are the same. */
  readonly bounds: readonly bigint[];
  /** Routing rules of somebody's own: answers about a source may hang on the mark and the destination too. */
  readonly byRules: boolean;
}

export interface NetworkLink {
  readonly name: string;
  /** `bridge`, `veth`, `dummy` …; null for hardware. */
  readonly kind: string | null;
  /** The bridge (or bond, vrf) that it is a port of. */
  readonly master: string | null;
  readonly up: boolean;
  /** Of a bridge that hands its packets to the IP filters whatever net.bridge.* says, by family. */
  readonly bridgeFilters: { readonly 4: boolean; readonly 6: boolean };
  /** Of a port that sends packets back out of itself. */
  readonly hairpin: boolean;
}

export interface RouteRequest {
  readonly source: Address;
  readonly destination: Address;
  readonly mark: number;
  readonly protocol: number;
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
}

export interface RouteOutRequest {
  readonly address: Address;
  /** The other address of the packet. */
  readonly from: Address;
  readonly mark: number;
  /** Only a route by this interface counts; null: any. */
  readonly device: string | null;
}

export interface ReversePathRequest {
  readonly source: Address;
  readonly destination: Address;
  readonly in: string;
  readonly mark: number;
  readonly loose: boolean;
  readonly acceptLocal: boolean;
}

export type Route =
  /** To this host itself; of packets that it sends, by lo. */
  | { readonly kind: "local" }
  | { readonly kind: "out"; readonly out: string; readonly gateway: Address | null }
  /** Dropped without a word: martian, rp_filter, forwarding off, blackhole. */
  | { readonly kind: "drop"; readonly reason: string }
  /** Dropped with an ICMP error: no route, unreachable, prohibit. */
  | { readonly kind: "reject"; readonly reason: string }
  /** To a broadcast or multicast address: this host hears it, and it may be handed on. */
  | { readonly kind: "local-broadcast" }
  | { readonly kind: "unknown"; readonly reason: string };
