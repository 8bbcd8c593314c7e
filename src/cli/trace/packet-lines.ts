/** Packets as JSON lines. */
import { HardenError, type Position } from "../../errors.ts";
import { type AskedPacket, checkPacket } from "./asked-packet.ts";
import { PROTOCOLS, STATES } from "./words.ts";
import { parseLine, readAddress, readChoice, readExpectation, readFlags, readInterface, readNumber } from "./packet-fields.ts";

const KEYS = ["in", "src", "dst", "proto", "sport", "dport", "flags", "state", "icmpType", "icmpCode", "expect"];

/** The packets in order; empty lines do not count. Throws HardenError with line and column for what is no packet, and where there is none. */
export function readPacketLines(text: string, file: string): readonly AskedPacket[] {
  const packets = text.split("\n").flatMap((line, index) => (line.trim() === "" ? [] : [readPacket(line, { file, line: index + 1, column: 1 })]));
  if (packets.length === 0) throw new HardenError("holds no packet", { position: { file }, hint: 'one a line, as {"src": "198.51.100.7", "dst": "203.0.113.10", "dport": 443}' });
  return packets;
}

function readPacket(text: string, position: Position): AskedPacket {
  const line = parseLine(text, position, KEYS);
  const source = readAddress(line, "src");
  const icmpType = readNumber(line, "icmpType", 255);
  const packet: AskedPacket = {
    in: readInterface(line, "in"),
    source,
    destination: readAddress(line, "dst"),
    protocol: readChoice(line, "proto", PROTOCOLS) ?? (icmpType === null ? "tcp" : source.family === 4 ? "icmp" : "icmpv6"),
    sourcePort: readNumber(line, "sport", 65535),
    destinationPort: readNumber(line, "dport", 65535),
    tcpFlags: readFlags(line, "flags"),
    icmpType,
    icmpCode: readNumber(line, "icmpCode", 255),
    state: readChoice(line, "state", STATES),
    expectation: readExpectation(line, "expect"),
    position,
  };
  checkPacket(packet);
  return packet;
}
