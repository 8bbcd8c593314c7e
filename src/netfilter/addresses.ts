/** IPv4 and IPv6 addresses as numbers, so that equal ones are equal whatever their spelling. */
import { isIPv4, isIPv6 } from "node:net";

export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** The number of an address; null if the text is none. Zone suffixes (`%eth0`) are not addresses. */
export function parseAddress(text: string): Address | null {
  if (isIPv4(text)) return { family: 4, value: joinParts(text.split(".").map(Number), 8n) };
  if (isIPv6(text) && !text.includes("%")) return { family: 6, value: joinParts(groupsOf(text), 16n) };
  return null;
}

/** The usual spelling: dotted, or RFC 5952. */
export function formatAddress({ family, value }: Address): string {
  if (family === 4) return splitParts(value, 4, 8n).join(".");
  return compressZeros(splitParts(value, 8, 16n).map((group) => group.toString(16)));
}

/** Number of bits of an address. */
export function addressBits(family: 4 | 6): 32 | 128 {
  return family === 4 ? 32 : 128;
}

/** The mask of a prefix length. */
export function prefixMask(length: number, family: 4 | 6): bigint {
  const bits = BigInt(addressBits(family));
  return ((1n << bits) - 1n) ^ ((1n << (bits - BigInt(length))) - 1n);
}

/** The prefix length of a mask; null if its ones are not all in front. */
export function prefixLength({ family, value }: Address): number | null {
  const ones = value.toString(2).replace(/0+$/, "").length;
  const length = value === 0n ? 0 : ones;
  return prefixMask(length, family) === value ? length : null;
}

/** The eight groups of a valid IPv6 address. */
function groupsOf(text: string): readonly number[] {
  const [head = "", tail] = text.split("::");
  const front = groupsOfHalf(head);
  const back = tail === undefined ? [] : groupsOfHalf(tail);
  return [...front, ...Array.from({ length: 8 - front.length - back.length }, () => 0), ...back];
}

function groupsOfHalf(half: string): readonly number[] {
  if (half === "") return [];
  return half.split(":").flatMap((group) => {
    if (!group.includes(".")) return [parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split(".").map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}

function joinParts(parts: readonly number[], bits: bigint): bigint {
  return parts.reduce((value, part) => (value << bits) | BigInt(part), 0n);
}

function splitParts(value: bigint, count: number, bits: bigint): number[] {
  return Array.from({ length: count }, (_, index) => Number((value >> (bits * BigInt(count - 1 - index))) & ((1n << bits) - 1n)));
}

/** `::` for the longest run of at least two zero groups, the first of equals. */
function compressZeros(groups: readonly string[]): string {
  let start = 0;
  let length = 1;
  for (let from = 0; from < groups.length; from++) {
    let to = from;
    while (groups[to] === "0") to++;
    if (to - from > length) [start, length] = [from, to - from];
  }
  if (length < 2) return groups.join(":");
  return `${groups.slice(0, start).join(":")}::${groups.slice(start + length).join(":")}`;
}
