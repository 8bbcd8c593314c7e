/**
 * What follows a first packet: the same again, the answer, errors about either, and what comes once the connection is open. Each is given to the walk with
 * the connection that the first one made.
 */
import { formatAddress } from "../../../src/netfilter/addresses.ts";
import { flagBits, statusBits } from "../../../src/netfilter/firewall/tests.ts";
import type { Connection, Packet, Tuple } from "../../../src/netfilter/walk/packet.ts";
import { addressOf } from "./frames.ts";
import type { LabPacket, Observed } from "./lab.ts";
import { NEIGHBOURS, OWN, SPOTS } from "./topology.ts";

/** A first packet that arrived, and what is tracked of it so far. */
export interface Conversation {
  readonly opening: LabPacket;
  /** Where it arrived: whoever answers. */
  readonly server: LabPacket["from"];
  readonly connection: Connection;
}

/** A packet of a conversation, and the connection as it finds it. */
export interface Turn {
  readonly shot: LabPacket;
  readonly connection: Connection;
}

/** In the order in which they are sent. Null: this conversation has no such turn. */
export const TURNS: readonly ((conversation: Conversation) => Turn | null)[] = [
  (one) => original(one, "NEW"),
  (one) => errorAbout(one, "original", 0),
  (one) => answer(one, SYN | ACK, 0),
  // ESTABLISHED by now, a SYN too.
  (one) => (isCut(one) ? null : original(one, "ESTABLISHED")),
  (one) => (isTcp(one) && !isCut(one) ? original(one, "ESTABLISHED", ACK, statusBits.ASSURED) : null),
  (one) => (isTcp(one) && !isCut(one) ? answer(one, PSH | ACK, statusBits.ASSURED) : null),
  (one) => (isCut(one) ? null : errorAbout(one, "reply", isTcp(one) ? statusBits.ASSURED : 0)),
];

const { SYN, ACK, PSH } = flagBits;
const TCP = 6;

function isTcp({ opening }: Conversation): boolean {
  return opening.packet.protocol === TCP;
}

/** The firewall host knows nothing of a connection that was opened in its name, by itself or by a liar, and resets it when the answer comes. */
function isCut(conversation: Conversation): boolean {
  return isTcp(conversation) && OWN_ADDRESSES.has(formatAddress(conversation.opening.packet.source));
}

/** Types of echo requests and their answers. */
const ECHO: ReadonlyMap<number, number> = new Map([[8, 0], [128, 129]]);
const OWN_ADDRESSES: ReadonlySet<string> = new Set(["127.0.0.1", "::1", ...Object.values(OWN).flatMap(({ address4, address6 }) => [address4, address6])]);

/** Null where nothing can follow: it is not tracked, arrived nowhere or in many places, or the firewall host's own stack answers it. */
export function openConversation(opening: LabPacket, connection: Connection | null, { deliveries }: Observed): Conversation | null {
  const [delivery, ...others] = deliveries;
  const { protocol, tcpFlags, icmpType } = opening.packet;
  if (connection === null || delivery === undefined || others.length > 0) return null;
  if (protocol === TCP && (((tcpFlags ?? 0) & 63) !== SYN || delivery.at === "host")) return null;
  if (icmpType !== null && !ECHO.has(icmpType)) return null;
  if (delivery.at === "host" && !OWN_ADDRESSES.has(delivery.destination)) return null;
  const { source, destination, sourcePort, destinationPort } = connection.reply;
  // Whoever is to answer himself never sends it; of what one address sends to itself nobody can tell the answer.
  if (NEIGHBOURS.get(formatAddress(destination)) === delivery.at || source.value === destination.value) return null;
  // A port that was taken already became another one than the rule says.
  const isAsSaid = addressOf(delivery.source).value === destination.value && addressOf(delivery.destination).value === source.value;
  const hasPorts = icmpType !== null || (delivery.sourcePort === destinationPort && delivery.destinationPort === sourcePort);
  return isAsSaid && hasPorts ? { opening, server: delivery.at, connection } : null;
}

function original({ opening, connection }: Conversation, state: "NEW" | "ESTABLISHED", flags = opening.packet.tcpFlags, status = 0): Turn {
  return { shot: { ...opening, packet: { ...opening.packet, tcpFlags: flags } }, connection: { ...connection, state, direction: "original", status: connection.status | status } };
}

function answer(conversation: Conversation, flags: number, status: number): Turn {
  const { opening, connection, server } = conversation;
  const { icmpType } = opening.packet;
  const packet = { ...turn(opening.packet, connection.reply), in: arrivalFrom(server), icmpType: icmpType === null ? null : (ECHO.get(icmpType) ?? null), tcpFlags: isTcp(conversation) ? flags : null };
  return { shot: { ...opening, from: server, packet }, connection: { ...connection, state: "ESTABLISHED", direction: "reply", status: connection.status | status } };
}

/** Port unreachable, by whoever got the packet: it is quoted as it arrived there. */
function errorAbout({ opening, connection, server }: Conversation, direction: Connection["direction"], status: number): Turn {
  const isOriginal = direction === "original";
  const [from, way, back] = isOriginal ? ([server, connection.reply, "reply"] as const) : ([opening.from, connection.original, "original"] as const);
  const [protocol, icmpType, icmpCode] = opening.packet.source.family === 4 ? [1, 3, 3] : [58, 1, 4];
  const packet: Packet = { in: arrivalFrom(from), source: way.source, destination: way.destination, protocol, sourcePort: null, destinationPort: null, tcpFlags: null, icmpType, icmpCode };
  const quoted = turn(opening.packet, { source: way.destination, destination: way.source, sourcePort: way.destinationPort, destinationPort: way.sourcePort });
  return { shot: { ...opening, from, packet, quoted: isOriginal ? quoted : answerType(quoted) }, connection: { ...connection, state: "RELATED", direction: back, status: connection.status | status } };
}

/** The packet with the ends of a tuple. */
function turn(packet: Packet, { source, destination, sourcePort, destinationPort }: Tuple): Packet {
  return { ...packet, source, destination, ...(packet.sourcePort === null ? {} : { sourcePort, destinationPort }) };
}

function answerType(packet: Packet): Packet {
  return packet.icmpType === null ? packet : { ...packet, icmpType: ECHO.get(packet.icmpType) ?? null };
}

function arrivalFrom(from: LabPacket["from"]): string | null {
  return from === "host" ? null : (SPOTS[from].port ?? SPOTS[from].iface);
}
