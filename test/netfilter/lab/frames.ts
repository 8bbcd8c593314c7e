/** Packets as bytes, and bytes as packets. RFC 791, 8200, 9293, 768, 792, 4443. */
import { type Address, parseAddress } from "../../../src/netfilter/addresses.ts";
import type { Packet } from "../../../src/netfilter/walk/packet.ts";

const TCP = 6;
const UDP = 17;
const ICMP = 1;
const ICMP6 = 58;

/** What a packet carries beside its header. */
export interface Contents {
  /** A multiple of 16, by which it is known again: its sequence number and acknowledgement, or its contents. It survives every translation. */
  readonly tag: number;
  /** Identifier of an echo: requests with the same one are of one connection, and so is the answer. */
  readonly echo?: number;
  /** Of an ICMP error: the packet that it is about. */
  readonly quoted?: Packet;
}

/** The IP packet. */
export function buildPacket(packet: Packet, contents: Contents): Buffer {
  const { tag, echo = 0, quoted } = contents;
  const body = quoted === undefined ? buildBody(packet, tag, echo) : buildError(packet, buildPacket(quoted, { tag, echo }));
  const header = packet.source.family === 4 ? header4(packet, body.length, tag) : header6(packet, body.length);
  const at = CHECKSUM_AT[packet.protocol];
  if (at !== undefined) body.writeUInt16BE(checksum(packet.protocol === ICMP ? body : Buffer.concat([pseudoHeader(packet, body.length), body])) || 0xffff, at);
  return Buffer.concat([header, body]);
}

const CHECKSUM_AT: Readonly<Record<number, number>> = { [TCP]: 16, [UDP]: 6, [ICMP]: 2, [ICMP6]: 2 };

function buildError({ icmpType, icmpCode }: Packet, quoted: Buffer): Buffer {
  return Buffer.concat([Buffer.from([icmpType ?? 0, icmpCode ?? 0, 0, 0, 0, 0, 0, 0]), quoted]);
}

function buildBody({ protocol, sourcePort, destinationPort, tcpFlags, icmpType, icmpCode }: Packet, tag: number, echo: number): Buffer {
  const body = Buffer.alloc(protocol === TCP ? 20 : protocol === UDP ? 12 : 12);
  if (protocol === TCP || protocol === UDP) {
    body.writeUInt16BE(sourcePort ?? 0, 0);
    body.writeUInt16BE(destinationPort ?? 0, 2);
  }
  if (protocol === TCP) {
    body.writeUInt32BE(tag, 4);
    body.writeUInt32BE(tag, 8);
    body.writeUInt16BE((5 << 12) | (tcpFlags ?? 0), 12);
    body.writeUInt16BE(65535, 14);
  } else if (protocol === UDP) {
    body.writeUInt16BE(body.length, 4);
    body.writeUInt32BE(tag, 8);
  } else if (protocol === ICMP || protocol === ICMP6) {
    body.writeUInt8(icmpType ?? 0, 0);
    body.writeUInt8(icmpCode ?? 0, 1);
    body.writeUInt16BE(echo, 4);
    body.writeUInt32BE(tag, 8);
  } else {
    body.writeUInt32BE(tag, 0);
  }
  return body;
}

function header4({ source, destination, protocol }: Packet, length: number, tag: number): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt8(0x45, 0);
  header.writeUInt16BE(20 + length, 2);
  header.writeUInt16BE((tag >> 4) & 0xffff, 4);
  header.writeUInt8(64, 8);
  header.writeUInt8(protocol, 9);
  bytesOf(source).copy(header, 12);
  bytesOf(destination).copy(header, 16);
  header.writeUInt16BE(checksum(header), 10);
  return header;
}

function header6({ source, destination, protocol }: Packet, length: number): Buffer {
  const header = Buffer.alloc(40);
  header.writeUInt8(0x60, 0);
  header.writeUInt16BE(length, 4);
  header.writeUInt8(protocol, 6);
  header.writeUInt8(64, 7);
  bytesOf(source).copy(header, 8);
  bytesOf(destination).copy(header, 24);
  return header;
}

function pseudoHeader({ source, destination, protocol }: Packet, length: number): Buffer {
  const ends = Buffer.concat([bytesOf(source), bytesOf(destination)]);
  const rest = Buffer.alloc(source.family === 4 ? 4 : 8);
  if (source.family === 4) rest.writeUInt16BE(length, 2);
  else rest.writeUInt32BE(length, 0);
  rest.writeUInt8(protocol, source.family === 4 ? 1 : 7);
  return Buffer.concat([ends, rest]);
}

/** RFC 1071. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += at + 1 < bytes.length ? bytes.readUInt16BE(at) : bytes.readUInt8(at) << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}

export function bytesOf({ family, value }: Address): Buffer {
  return Buffer.from(value.toString(16).padStart(family === 4 ? 8 : 32, "0"), "hex");
}

export function addressOf(text: string): Address {
  const address = parseAddress(text);
  if (address === null) throw new Error(`no address: ${text}`);
  return address;
}

/** What was heard: the packet that was sent, perhaps translated, or an answer to it. */
export interface Heard {
  readonly tag: number;
  readonly source: Address;
  readonly destination: Address;
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
  /** `tcp-reset`, or `icmp TYPE/CODE`; null for the packet itself. */
  readonly answer: string | null;
}

/** Reads an Ethernet frame; null for what is no packet of ours. */
export function readFrame(frame: Buffer): Heard | null {
  const type = frame.length > 14 ? frame.readUInt16BE(12) : 0;
  return type === 0x0800 || type === 0x86dd ? readPacket(frame.subarray(14)) : null;
}

/** Reads an IP packet. */
export function readPacket(packet: Buffer): Heard | null {
  if (packet.length < 20) return null;
  const family = packet.readUInt8(0) >> 4;
  if (family === 4) {
    const start = (packet.readUInt8(0) & 15) * 4;
    return readBody(packet.subarray(start, packet.readUInt16BE(2)), packet.readUInt8(9), at(packet, 12, 4), at(packet, 16, 4));
  }
  if (family !== 6 || packet.length < 40) return null;
  return readBody(packet.subarray(40, 40 + packet.readUInt16BE(4)), packet.readUInt8(6), at(packet, 8, 16), at(packet, 24, 16));
}

/** Reads what a raw socket of IPv6 gives, which has no header. */
export function readBody(body: Buffer, protocol: number, source: Address, destination: Address): Heard | null {
  const ends = { source, destination, sourcePort: null, destinationPort: null };
  if (protocol === TCP && body.length >= 20) {
    const ports = { sourcePort: body.readUInt16BE(0), destinationPort: body.readUInt16BE(2) };
    const [sequence, acknowledged] = [body.readUInt32BE(4), body.readUInt32BE(8)];
    if (sequence === acknowledged) return { ...ends, ...ports, tag: sequence, answer: null };
    const isReset = (body.readUInt8(13) & 4) !== 0;
    // It acknowledges the tag and what of the packet counts, or begins where the packet had acknowledged.
    return isReset ? { ...ends, ...ports, tag: (acknowledged === 0 ? sequence : acknowledged) & ~15, answer: "tcp-reset" } : null;
  }
  if (protocol === UDP && body.length >= 12) return { ...ends, sourcePort: body.readUInt16BE(0), destinationPort: body.readUInt16BE(2), tag: body.readUInt32BE(8), answer: null };
  if (protocol === ICMP || protocol === ICMP6) return readIcmp(body, protocol, ends);
  return body.length >= 4 ? { ...ends, tag: body.readUInt32BE(0), answer: null } : null;
}

function readIcmp(body: Buffer, protocol: number, ends: Omit<Heard, "tag" | "answer">): Heard | null {
  if (body.length < 12) return null;
  const [type, code] = [body.readUInt8(0), body.readUInt8(1)];
  const isError = protocol === ICMP ? type === 3 || type === 11 || type === 12 : type >= 1 && type <= 4;
  const quoted = isError ? readPacket(body.subarray(8)) : null;
  if (quoted !== null) return { ...ends, tag: quoted.tag, answer: `icmp ${String(type)}/${String(code)}` };
  // The host's answer to a timestamp request holds the request.
  return protocol === ICMP && type === 14 ? null : { ...ends, tag: body.readUInt32BE(8), answer: null };
}

function at(packet: Buffer, offset: number, length: number): Address {
  return { family: length === 4 ? 4 : 6, value: BigInt(`0x${packet.subarray(offset, offset + length).toString("hex")}`) };
}
