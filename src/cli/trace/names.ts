/** The names that trace takes. */
import { type ConnectionState, flagBits } from "../../netfilter/index.ts";

export const PROTOCOLS = ["tcp", "udp", "sctp", "icmp", "icmpv6"] as const;
export const STATES: readonly ConnectionState[] = ["NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED"];
export const VERDICTS = ["accept", "drop", "reject", "depends", "unknown"] as const;
export const FLAG_NAMES: readonly string[] = Object.keys(flagBits);

export const PROTOCOL_NUMBERS: Readonly<Record<(typeof PROTOCOLS)[number], number>> = { tcp: 6, udp: 17, sctp: 132, icmp: 1, icmpv6: 58 };

/** Eight bits; names that are no flag count for nothing. */
export function toFlagBits(names: readonly string[]): number {
  return Object.entries(flagBits).reduce((bits, [name, bit]) => (names.includes(name) ? bits | bit : bits), 0);
}

/** `SYN,ACK`, `NULL`. */
export function describeFlags(bits: number): string {
  const names = Object.entries(flagBits).flatMap(([name, bit]) => ((bits & bit) === 0 ? [] : [name]));
  return names.length === 0 ? "NULL" : names.join(",");
}
