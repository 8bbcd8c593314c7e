/** A packet as it was asked for. */
import { HardenError, type Position } from "../../errors.ts";
import { type Address, type ConnectionState, formatAddress } from "../../netfilter/index.ts";
import type { Expectation } from "./expectation.ts";
import type { PROTOCOLS } from "./words.ts";

/** What is null has its default. */
export interface AskedPacket {
  /** Undefined: by the interface that leads to its source. Null: this host sends it. */
  readonly in: string | null | undefined;
  readonly source: Address;
  readonly destination: Address;
  readonly protocol: (typeof PROTOCOLS)[number];
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
  readonly tcpFlags: number | null;
  readonly icmpType: number | null;
  readonly icmpCode: number | null;
  readonly state: ConnectionState | null;
  readonly expectation: Expectation | null;
  /** Where it was asked, for errors; null for flags. */
  readonly position: Position | null;
}

/** Throws HardenError where the parts do not make a packet. */
export function checkPacket({ source, destination, protocol, sourcePort, destinationPort, tcpFlags, position }: AskedPacket): void {
  const fail = (message: string, hint: string): never => {
    throw new HardenError(message, position === null ? { hint } : { position, hint });
  };
  const [from, to] = [source, destination].map(formatAddress);
  if (source.family !== destination.family) fail(`${from} and ${to} are of different families`, "a packet has two IPv4 or two IPv6 addresses");
  const isIcmp = protocol === "icmp" || protocol === "icmpv6";
  if (isIcmp && (protocol === "icmp") !== (source.family === 4)) fail(`${protocol} does not go with ${from}`, "icmp is of IPv4, icmpv6 of IPv6");
  if (isIcmp && (sourcePort !== null || destinationPort !== null)) fail(`${protocol} has no ports`, "leave the port out");
  if (!isIcmp && destinationPort === null) fail(`${protocol} needs a port to go to`, "as 203.0.113.10:443 or [2001:db8::10]:443");
  if (protocol !== "tcp" && tcpFlags !== null) fail(`${protocol} has no flags`, "flags are of tcp");
}
