/** Numbers in sets as functions of their bits. */
import type { Diagrams, PacketSet } from "./diagram.ts";
import { everything, nothing } from "./diagram.ts";

/** Where the bits of a number stand: variables from the most significant on. */
export interface Bits {
  readonly first: number;
  readonly width: number;
  /**
   * Null: the bits are the number's own. Else numbers between two of these bounds are never told apart, and the bits count which: far fewer, so
   * that diagrams stay small.
   */
  readonly cuts: readonly bigint[] | null;
}

/** Bits that tell apart what the bounds do; the value after the last one is a class of its own. */
export function widthOfCuts(cuts: readonly bigint[]): number {
  return Math.max(1, Math.ceil(Math.log2(cuts.length + 1)));
}

/** Packets whose number, under the mask (null: all bits), is in the set of sorted bounds. */
export function numbersIn(diagrams: Diagrams, { first, width, cuts }: Bits, values: readonly bigint[], mask: bigint | null): PacketSet {
  // Class 0 is what is below the first cut.
  const bounds = cuts === null ? values : values.map((value) => classFrom(cuts, value));
  const build = (depth: number, value: bigint): PacketSet => {
    const size = 1n << BigInt(width - depth);
    const before = countUpTo(bounds, value);
    const next = bounds[before];
    if (next === undefined || next >= value + size) return before % 2 === 1 ? everything : nothing;
    const half = size >> 1n;
    // A bit that the mask takes away counts as none.
    if (mask !== null && (mask & half) === 0n) return build(depth + 1, value);
    return diagrams.choice(first + depth, build(depth + 1, value), build(depth + 1, value + half));
  };
  return build(0, 0n);
}

/** The class that begins at the bound; what is behind the last cut is the end of all numbers. */
function classFrom(cuts: readonly bigint[], bound: bigint): bigint {
  if (bound === 0n) return 0n;
  return BigInt(bound > (cuts.at(-1) ?? 0n) ? cuts.length + 1 : countUpTo(cuts, bound));
}

/** Numbers that a packet can have there, where some bits stand for none. */
export function allNumbers(diagrams: Diagrams, bits: Bits): PacketSet {
  return bits.cuts === null ? everything : numbersIn(diagrams, { ...bits, cuts: null }, [0n, BigInt(bits.cuts.length) + 1n], null);
}

/** The number that a packet has there; bits that do not count are 0. */
export function numberAt({ first, width, cuts }: Bits, member: ReadonlyMap<number, boolean>): bigint {
  let value = 0n;
  for (let depth = 0; depth < width; depth++) value = (value << 1n) | (member.get(first + depth) === true ? 1n : 0n);
  return cuts === null ? value : value === 0n ? 0n : (cuts[Number(value) - 1] ?? 0n);
}

function countUpTo(bounds: readonly bigint[], value: bigint): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bounds[middle] ?? 0n) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
