/** Connection tracking: what a packet is called, and the connection that its first packet makes (nf_conntrack_core.c and the nf_conntrack_proto_*.c). */
import { flagBits, statusBits } from "../firewall/tests.ts";
import { type Flow, type FlowConnection, type FlowTuple, unknown } from "./flow.ts";
import type { HostNetwork } from "./network.ts";
import type { Connection, ConnectionState } from "./packet.ts";

/** What is known of the packet's connection from outside: the connection itself (what its first packet made), or how the packet is called; else it is a first packet. */
export type Tracked = { readonly kind: "connection"; readonly connection: Connection } | { readonly kind: "state"; readonly state: ConnectionState } | { readonly kind: "first"; readonly made: FlowConnection | null } | null;

/** The hook of connection tracking. A packet that is tracked already (it came back by lo) or is not to be (NOTRACK) passes. */
export function track(flow: Flow, tracked: Tracked, network: HostNetwork | null): void {
  if (flow.connection !== null || flow.state === "UNTRACKED") return;
  if (tracked?.kind === "connection") {
    flow.state = tracked.connection.state;
    flow.connection = fromConnection(tracked.connection);
  } else if (tracked?.kind === "first") {
    establish(flow, tracked.made);
  } else {
    flow.state = tracked?.state ?? firstState(flow, network);
    if (flow.state === "NEW" || flow.state === "RELATED") flow.connection = newConnection(flow);
  }
}

/** How the first packet of a flow is called. */
export function firstState({ family, protocol, tcpFlags, icmpType }: Pick<Flow, "family" | "protocol" | "tcpFlags" | "icmpType">, network: HostNetwork | null): ConnectionState {
  if (protocol === 6) return firstTcpState(tcpFlags ?? 0, network);
  if (protocol === 1 && family === 4) return newIcmpTypes.has(icmpType ?? -1) ? "NEW" : "INVALID";
  if (protocol !== 58 || family !== 6) return "NEW";
  if (untrackedIcmp6Types.has(icmpType ?? -1)) return "UNTRACKED";
  return newIcmp6Types.has(icmpType ?? -1) ? "NEW" : "INVALID";
}

/** Requests: echo, timestamp, information, address mask. Errors belong to the connection that they quote; alone they are INVALID. */
const newIcmpTypes: ReadonlySet<number> = new Set([8, 13, 15, 17]);
/** Echo and node information requests. */
const newIcmp6Types: ReadonlySet<number> = new Set([128, 139]);
/** Multicast listener and neighbour discovery (nf_conntrack_proto_icmpv6.c, noct_valid_new). */
const untrackedIcmp6Types: ReadonlySet<number> = new Set([130, 131, 132, 133, 134, 135, 136, 143]);

/** tcp_new of nf_conntrack_proto_tcp.c: a SYN opens, a lone ACK may belong to a connection from before (nf_conntrack_tcp_loose). */
function firstTcpState(flags: number, network: HostNetwork | null): ConnectionState {
  const { FIN, SYN, RST, ACK, URG } = flagBits;
  const counted = flags & (FIN | SYN | RST | ACK | URG);
  if (counted === SYN || counted === (SYN | URG)) return "NEW";
  if (counted !== ACK && counted !== (ACK | URG)) return "INVALID";
  return network?.sysctl("net.netfilter.nf_conntrack_tcp_loose") === "0" ? "INVALID" : "NEW";
}

function newConnection(flow: Flow): FlowConnection {
  const original = tupleOf(flow);
  return {
    direction: "original",
    protocol: flow.protocol,
    original,
    reply: invert(original, flow.icmpType),
    status: flow.state === "RELATED" ? statusBits.EXPECTED : 0,
    mark: 0,
    bound: { source: false, destination: false },
  };
}

/** A later packet in the direction of the first, once replies have been seen: its connection is what the first packet made, and bound. */
function establish(flow: Flow, first: FlowConnection | null): void {
  const connection = first ?? newConnection(flow);
  flow.state = "ESTABLISHED";
  flow.connection = { ...connection, status: connection.status | statusBits.SEEN_REPLY | statusBits.CONFIRMED | statusBits.ASSURED, bound: { source: true, destination: true } };
}

/** The destination port of ICMP is its type and code, as conntrack's tuples have it; its identifier is not known. */
function tupleOf({ source, destination, sourcePort, destinationPort, icmpType, icmpCode }: Flow): FlowTuple {
  if (icmpType === null) return { source, destination, sourcePort, destinationPort };
  return { source, destination, sourcePort: unknown, destinationPort: icmpType * 256 + (icmpCode ?? 0) };
}

function invert({ source, destination, sourcePort, destinationPort }: FlowTuple, icmpType: number | null): FlowTuple {
  if (icmpType !== null) return { source: destination, destination: source, sourcePort, destinationPort: (icmpReplies.get(icmpType) ?? icmpType) * 256 };
  return { source: destination, destination: source, sourcePort: destinationPort, destinationPort: sourcePort };
}

/** The type of the reply by that of the request. */
const icmpReplies: ReadonlyMap<number, number> = new Map([[8, 0], [13, 14], [15, 16], [17, 18], [128, 129], [139, 140]]);

/** A connection from before is confirmed, and an ESTABLISHED packet is an answer or comes after one. */
function fromConnection({ state, direction, protocol, original, reply, mark, status }: Connection): FlowConnection {
  return {
    direction, protocol, mark,
    status: status | statusBits.CONFIRMED | (state === "ESTABLISHED" ? statusBits.SEEN_REPLY : 0),
    original: fromTuple(original, protocol),
    reply: fromTuple(reply, protocol),
    bound: { source: true, destination: true },
  };
}

/** Of ICMP the identifier and the type of the first packet are not known any more. */
function fromTuple({ source, destination, sourcePort, destinationPort }: Connection["original"], protocol: number): FlowTuple {
  const port = (value: number | null): FlowTuple["sourcePort"] => (protocol === 1 || protocol === 58 ? (value ?? unknown) : value);
  return { source: source.value, destination: destination.value, sourcePort: port(sourcePort), destinationPort: port(destinationPort) };
}
