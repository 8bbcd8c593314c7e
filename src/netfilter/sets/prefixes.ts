/** Sets of addresses as prefixes, the way people write them. */
import { addressBits, formatAddress } from "../addresses.ts";
import type { Intervals } from "./intervals.ts";

/** The fewest prefixes that make up the set, in order: `192.0.2.0/24`, a single address without a length. */
export function listPrefixes(set: Intervals<bigint>, family: 4 | 6): string[] {
  const prefixes: string[] = [];
  for (let index = 0; index < set.length; index += 2) {
    let from = set[index] ?? 0n;
    const to = set[index + 1] ?? 0n;
    while (from < to) {
      const free = largestBlock(from, to, addressBits(family));
      const length = addressBits(family) - free;
      prefixes.push(free === 0 ? formatAddress({ family, value: from }) : `${formatAddress({ family, value: from })}/${length}`);
      from += 1n << BigInt(free);
    }
  }
  return prefixes;
}

/** Bits of the largest aligned block that begins at `from` and ends before `to`. */
function largestBlock(from: bigint, to: bigint, bits: number): number {
  let free = 0;
  while (free < bits && (from & ((1n << BigInt(free + 1)) - 1n)) === 0n && from + (1n << BigInt(free + 1)) <= to) free++;
  return free;
}
