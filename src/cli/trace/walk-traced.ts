/** Walks the packets that were asked for, and decides the exit code. */
import { HardenError } from "../../errors.ts";
import { flagBits, formatAddress, type HostNetwork, type Packet, RulesetError, type Walk, walkPacket } from "../../netfilter/index.ts";
import { quote } from "../../text.ts";
import { openCounter } from "../progress.ts";
import type { AskedPacket } from "./asked-packet.ts";
import { judgeExpectation, type Outcome } from "./expectation.ts";
import { PROTOCOL_NUMBERS } from "./names.ts";
import type { TraceSource } from "./source.ts";

export interface Traced {
  readonly asked: AskedPacket;
  readonly packet: Packet;
  readonly walk: Walk;
  /** Null where nothing is expected. */
  readonly outcome: Outcome | null;
}

/** Throws HardenError where it cannot be told by which interface a packet comes. */
export function walkTraced(source: TraceSource, asked: readonly AskedPacket[]): readonly Traced[] {
  const count = openCounter();
  return asked.map((one, index) => {
    count(`following packets … ${index + 1} of ${asked.length}`);
    const packet = toPacket(one, source.network);
    const walk = follow(source, packet, one);
    return { asked: one, packet, walk, outcome: one.expectation === null ? null : judgeExpectation(one.expectation, walk) };
  });
}

/** What differs goes before what is unknown. */
export function decideTraceExit(traced: readonly Traced[]): number {
  if (traced.some(({ outcome }) => outcome === "differs")) return 1;
  return traced.some(({ outcome }) => outcome === "unknown") ? 3 : 0;
}

function follow({ prepared, network }: TraceSource, packet: Packet, { state }: AskedPacket): Walk {
  try {
    return walkPacket(prepared, packet, { network, connection: state, scenario: null });
  } catch (error) {
    if (!(error instanceof RulesetError)) throw error;
    throw new HardenError(error.message, { position: { file: error.origin ?? "rules", line: error.line, column: error.column ?? 1 }, cause: error });
  }
}

/** From a port that programs use for their own connections. */
const CLIENT_PORT = 40_000;

function toPacket(asked: AskedPacket, network: HostNetwork | null): Packet {
  const { source, destination, protocol, sourcePort, destinationPort, tcpFlags, icmpType, icmpCode } = asked;
  const isIcmp = protocol === "icmp" || protocol === "icmpv6";
  return {
    in: chooseInterface(asked, network),
    source,
    destination,
    protocol: PROTOCOL_NUMBERS[protocol],
    sourcePort: isIcmp ? null : (sourcePort ?? CLIENT_PORT),
    destinationPort,
    tcpFlags: protocol === "tcp" ? (tcpFlags ?? flagBits.SYN) : null,
    icmpType: isIcmp ? (icmpType ?? (protocol === "icmp" ? 8 : 128)) : null,
    icmpCode: isIcmp ? (icmpCode ?? 0) : null,
  };
}

function chooseInterface(asked: AskedPacket, network: HostNetwork | null): string | null {
  const fail = (message: string, hint: string): never => {
    throw new HardenError(message, asked.position === null ? { hint } : { hint, position: asked.position });
  };
  const { in: given, source, destination } = asked;
  if (typeof given === "string" && network !== null && network.link(given) === null) return fail(`there is no interface ${quote(given)}`, "ip link lists them");
  if (given !== undefined) return given;
  if (network === null) return fail("by which interface the packet comes is not said", "name it (--in, or \"in\" in a line), or give --network");
  const local = network.isLocal(source, null);
  if (local === true) return null;
  const route = local === "unknown" ? local : network.routeOut({ address: source, from: destination, mark: 0, device: null });
  if (route === "unknown" || route.out === null) return fail(`by which interface packets of ${formatAddress(source)} come cannot be told from the routes`, "name it (--in, or \"in\" in a line)");
  return route.out;
}
