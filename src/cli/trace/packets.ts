/** The packets to follow: one by flags, or many as JSON lines. */
import { HardenError } from "../../errors.ts";
import { type Address, parseAddress } from "../../netfilter/index.ts";
import { quote, suggest } from "../../text.ts";
import { readSource } from "../check/read.ts";
import type { TraceFlags } from "./flags.ts";
import { type AskedPacket, checkPacket } from "./asked-packet.ts";
import { FLAG_NAMES, toFlagBits } from "./names.ts";
import { readPacketLines } from "./packet-lines.ts";
import { PROTOCOLS, STATES } from "./words.ts";

/** Throws HardenError for what is no packet, with file, line and column. */
export async function readPackets(flags: TraceFlags): Promise<readonly AskedPacket[]> {
  if (flags.packets === undefined) return [fromFlags(flags)];
  return readPacketLines(await readSource(flags.packets), flags.packets === "-" ? "standard input" : flags.packets);
}

function fromFlags(flags: TraceFlags): AskedPacket {
  const source = parseEndpoint("--from", flags.from ?? "");
  const destination = parseEndpoint("--to", flags.to ?? "");
  const packet: AskedPacket = {
    in: flags.in,
    source: source.address,
    destination: destination.address,
    protocol: choose("--proto", flags.proto ?? "tcp", PROTOCOLS),
    sourcePort: source.port,
    destinationPort: destination.port,
    tcpFlags: flags.flags === undefined ? null : parseFlags(flags.flags),
    icmpType: null,
    icmpCode: null,
    state: flags.state === undefined ? null : choose("--state", flags.state.toUpperCase(), STATES),
    expectation: null,
    position: null,
  };
  checkPacket(packet);
  return packet;
}

/** `IP`, `IP:PORT`, `[IPv6]:PORT`. */
function parseEndpoint(flag: string, text: string): { readonly address: Address; readonly port: number | null } {
  const [, bracketed, bracketedPort] = /^\[([^\]]+)\](?::(\d+))?$/.exec(text) ?? [];
  const [, plain, plainPort] = /^([^:]+):(\d+)$/.exec(text) ?? [];
  const address = parseAddress(bracketed ?? plain ?? text);
  const port = bracketedPort ?? plainPort;
  if (address === null) throw new HardenError(`${flag} ${text} is no address`, { hint: "give IP, IP:PORT or [IPv6]:PORT" });
  if (port !== undefined && Number(port) > 65535) throw new HardenError(`${flag} ${text}: ${port} is no port`, { hint: "ports go up to 65535" });
  return { address, port: port === undefined ? null : Number(port) };
}

function parseFlags(text: string): number {
  const names = text.toUpperCase() === "NULL" ? [] : text.toUpperCase().split(",");
  const wrong = names.find((name) => !FLAG_NAMES.includes(name));
  if (wrong !== undefined) throw new HardenError(`--flags: ${quote(wrong)} is no TCP flag`, { hint: suggest(wrong, [...FLAG_NAMES, "NULL"]) });
  return toFlagBits(names);
}

function choose<T extends string>(flag: string, value: string, accepted: readonly T[]): T {
  const found = accepted.find((one) => one === value);
  if (found === undefined) throw new HardenError(`${flag} ${value} is not known`, { hint: suggest(value, accepted) });
  return found;
}
