/** Packets that questions are asked about. */
import { type Address, flagBits, type Packet, parseAddress } from "../../netfilter/index.ts";

/** From a port that programs use for connections of their own. */
const CLIENT_PORT = 40_000;

/** What the engine publishes ports of. */
export type Protocol = "tcp" | "udp" | "sctp";

const NUMBERS: Readonly<Record<Protocol, number>> = { tcp: 6, udp: 17, sctp: 132 };

export function isProtocol(name: string): name is Protocol {
  return Object.hasOwn(NUMBERS, name);
}

/** The first packet of a TCP connection or of an SCTP association (its INIT), or a datagram. `in`: the interface on which it comes; null: this host sends it. */
export function firstPacket(way: { readonly in: string | null; readonly source: string; readonly to: string; readonly port: number; readonly protocol: Protocol }): Packet {
  return {
    in: way.in, source: toAddress(way.source), destination: toAddress(way.to), protocol: NUMBERS[way.protocol], sourcePort: CLIENT_PORT, destinationPort: way.port,
    tcpFlags: way.protocol === "tcp" ? flagBits.SYN : null, icmpType: null, icmpCode: null,
  };
}

/** Throws for a text that is none: addresses of a snapshot come from the kernel and the engine. */
export function toAddress(text: string): Address {
  const address = parseAddress(text);
  if (address === null) throw new Error(`${text} is no address`);
  return address;
}
