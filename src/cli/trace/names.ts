/** Names of flags and protocols with their numbers. */
import { flagBits } from "../../netfilter/index.ts";
import type { PROTOCOLS } from "./words.ts";

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
