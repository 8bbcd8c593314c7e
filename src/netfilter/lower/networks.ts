/** Addresses under a mask as intervals. */
import { addressBits } from "../addresses.ts";
import { type Intervals, bigintRange, uniteAll } from "../sets/intervals.ts";

/** More intervals than a mask with holes may come to (255.0.255.0 comes to 256). */
const most = 65_536n;

/** All addresses that equal `address` under `mask`; null where the mask has so many holes that they are too many intervals. */
export function maskedAddresses(family: 4 | 6, address: bigint, mask: bigint): Intervals<bigint> | null {
  const all = (1n << BigInt(addressBits(family))) - 1n;
  const free = all ^ mask;
  // The free bits at the low end make each interval long; those above them make many.
  const low = lowOnes(free);
  const holes = bitsOf(free ^ low);
  if (1n << BigInt(holes.length) > most) return null;
  let starts = [address & mask];
  for (const hole of holes) starts = starts.flatMap((start) => [start, start | hole]);
  return uniteAll(starts.map((start) => bigintRange(start, start + low)));
}

/** The run of ones at the low end. */
function lowOnes(value: bigint): bigint {
  return value & ~(value + 1n);
}

function bitsOf(value: bigint): readonly bigint[] {
  const bits: bigint[] = [];
  for (let rest = value; rest !== 0n; rest &= rest - 1n) bits.push(rest & -rest);
  return bits;
}
