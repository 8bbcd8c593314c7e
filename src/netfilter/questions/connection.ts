/** What becomes of a TCP connection to this host that is open now, and of a new one like it. */
import type { Address } from "../addresses.ts";
import { flagBits, statusBits } from "../firewall/tests.ts";
import type { HostNetwork } from "../walk/network.ts";
import type { Connection, Packet } from "../walk/packet.ts";
import type { Prepared } from "../walk/prepare.ts";
import { walkPacket, type Walk } from "../walk/walk.ts";
import { tracksConnections } from "./tracking.ts";

/** The rules that are asked, and those by which open connections came in. */
export interface Change {
  readonly prepared: Prepared;
  readonly earlier: Prepared;
  readonly network: HostNetwork;
}

/** A packet, what it is in words, and its walk. */
export interface Witness {
  readonly packet: Packet;
  readonly what: string;
  readonly walk: Walk;
}

/** Client and server end; `zone`: the interface by which the client comes, null where the routes tell it. */
export interface OpenConnection {
  readonly client: Address;
  readonly clientPort: number;
  readonly server: Address;
  readonly serverPort: number;
  readonly zone: string | null;
}

/** Packets in both directions, of the open connection and of a new one; limits are kept. One walk that is no `accept` means that it does not go on as it does now. */
export function askConnection(change: Change, open: OpenConnection): readonly Witness[] {
  const { network } = change;
  const packet = packetOf(open, arrivalOf(network, open));
  if (network.isLocal(open.server, null) !== true) return [{ packet, what: "the open connection", walk: unknownWalk("the server's address is none of the network namespace whose rules were read") }];
  if (packet.in === UNROUTED) return [{ packet, what: "the open connection", walk: unknownWalk("no route leads back to the client") }];
  return [...askOpen(change, packet), ...askNew(change, packet)];
}

const UNROUTED = "?";
const { SYN, ACK, PSH } = flagBits;

/** The way back is taken for the way on which it comes. Null: the client is on this host. */
function arrivalOf(network: HostNetwork, { client, clientPort, server, serverPort, zone }: OpenConnection): string | null {
  if (network.isLocal(client, null) === true) return null;
  if (zone !== null) return zone;
  const route = network.routeOutput({ source: server, destination: client, mark: 0, protocol: 6, sourcePort: serverPort, destinationPort: clientPort });
  return route.kind === "out" ? route.out : UNROUTED;
}

function packetOf({ client, clientPort, server, serverPort }: OpenConnection, name: string | null): Packet {
  return { in: name, source: client, destination: server, protocol: 6, sourcePort: clientPort, destinationPort: serverPort, tcpFlags: ACK | PSH, icmpType: null, icmpCode: null };
}

/** `packet`: one from the client. */
function askOpen({ prepared, earlier, network }: Change, packet: Packet): Witness[] {
  const answer = answerTo(packet);
  const state = connectionOf(packet);
  const both = [
    { packet, what: "of the open connection", connection: state },
    { packet: answer, what: "an answer of the open connection", connection: { ...state, direction: "reply" as const } },
  ];
  const tracked = both.map(({ packet: one, what, connection }) => {
    const walk = (rules: Prepared): Walk => walkPacket(rules, one, { network, connection, scenario: null });
    const now = walk(prepared);
    // What hung on a limit before may do so again; a limit that is new would stifle it.
    const isOld = now.verdict === "depends" && walk(earlier).verdict === "depends";
    return { packet: one, what, walk: isOld ? walkPacket(prepared, one, { network, connection, scenario: "within" }) : asRefusal(now) };
  });
  if (tracksConnections(earlier.firewall, packet.destination.family)) return tracked;
  // Nothing was tracked so far: the next packet of the connection will be called NEW.
  const untracked = both.map(({ packet: one, what }) => ({ packet: one, what: `${what}, which was not tracked so far`, walk: walkPacket(prepared, one, { network, connection: null, scenario: "within" }) }));
  return [...tracked, ...untracked];
}

/** The SYN of another connection from the same client, and the answer to it. */
function askNew({ prepared, network }: Change, { sourcePort, ...packet }: Packet): Witness[] {
  const syn: Packet = { ...packet, sourcePort: sourcePort === CLIENT_PORT ? CLIENT_PORT + 1 : CLIENT_PORT, tcpFlags: SYN };
  const walk = walkPacket(prepared, syn, { network, connection: null, scenario: "within" });
  const first = { packet: syn, what: "a new connection", walk };
  return walk.verdict === "accept" ? [first, askAnswer(prepared, network, syn, walk)] : [first];
}

const CLIENT_PORT = 40_000;

/** The answer to a first packet that arrived: from this host, or from where it was handed on to. */
export function askAnswer(prepared: Prepared, network: HostNetwork, syn: Packet, first: Walk): Witness {
  const { connection, out, delivered } = first;
  const tuple = connection?.reply;
  const packet: Packet = {
    ...answerTo(syn), tcpFlags: SYN | ACK,
    ...(tuple === undefined ? {} : { source: tuple.source, destination: tuple.destination, sourcePort: tuple.sourcePort, destinationPort: tuple.destinationPort }),
    in: delivered === "forward" ? out : null,
  };
  const options = { network, connection: connection === null ? null : { ...connection, state: "ESTABLISHED" as const, direction: "reply" as const }, scenario: "within" as const };
  return { packet, what: "the answer to a new connection", walk: walkPacket(prepared, packet, options) };
}

function answerTo(packet: Packet): Packet {
  return { ...packet, in: null, source: packet.destination, destination: packet.source, sourcePort: packet.destinationPort, destinationPort: packet.sourcePort };
}

/** As the kernel tracks it: nothing of it is translated. */
function connectionOf({ source, destination, sourcePort, destinationPort }: Packet): Connection {
  return {
    state: "ESTABLISHED", direction: "original", protocol: 6, mark: 0, status: statusBits.SEEN_REPLY | statusBits.ASSURED | statusBits.CONFIRMED,
    original: { source, destination, sourcePort, destinationPort },
    reply: { source: destination, destination: source, sourcePort: destinationPort, destinationPort: sourcePort },
  };
}

/** A limit that packets of an open connection meet, and did not before, ends it sooner or later. */
function asRefusal(walk: Walk): Walk {
  return walk.verdict === "depends" ? { ...walk, verdict: "drop", reason: walk.reason ?? "a limit" } : walk;
}

export function unknownWalk(reason: string): Walk {
  return { verdict: "unknown", delivered: null, to: null, out: null, reason, hops: [], limits: [], questions: [], connection: null };
}
