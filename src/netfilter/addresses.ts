/** IPv4 and IPv6 addresses as numbers, so that equal ones are equal whatever their spelling. */

export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** The number of an address; null if the text is none. Zone suffixes (`%eth0`) are not addresses. */
export function parseAddress(text: string): Address | null {
  // Not by node:net, which is slow to load and takes a regular expression of a thousand characters for each family.
  const parts = text.includes(":") ? groupsOf(text) : partsOf(text);
  if (parts === null) return null;
  return parts.length === 4 ? { family: 4, value: joinParts(parts, 8n) } : { family: 6, value: joinParts(parts, 16n) };
}

/** The IPv4 address of an IPv4-mapped one (`::ffff:192.0.2.1`), which is what packets carry; any other as it is. */
export function withoutMapping(address: Address): Address {
  return address.family === 6 && address.value >> 32n === 0xffffn ? { family: 4, value: address.value & 0xffffffffn } : address;
}

/** The usual spelling: dotted, or RFC 5952. */
export function formatAddress({ family, value }: Address): string {
  if (family === 6) return compressZeros(groupsIn(value).map((group) => group.toString(16)));
  const bits = Number(value);
  return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`;
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

/** The four parts of an IPv4 address: decimal, without leading zeros. */
function partsOf(text: string): readonly number[] | null {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255) ? parts.map(Number) : null;
}

/** The eight groups of an IPv6 address, whose last two may be written as an IPv4 one (RFC 4291, 2.2). */
function groupsOf(text: string): readonly number[] | null {
  const [head = "", tail, ...more] = text.split("::");
  const front = groupsOfHalf(head, tail === undefined);
  const back = groupsOfHalf(tail ?? "", true);
  if (front === null || back === null || more.length > 0) return null;
  const zeros = 8 - front.length - back.length;
  if (tail === undefined ? zeros !== 0 : zeros < 1) return null;
  return [...front, ...Array.from({ length: zeros }, () => 0), ...back];
}

function groupsOfHalf(half: string, isLast: boolean): readonly number[] | null {
  if (half === "") return [];
  const groups = half.split(":");
  const dotted = isLast && groups.at(-1)?.includes(".") === true ? partsOf(groups.pop() ?? "") : [];
  if (dotted === null || !groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  const [a, b, c, d] = dotted;
  const last = a === undefined || b === undefined || c === undefined || d === undefined ? [] : [a * 256 + b, c * 256 + d];
  return [...groups.map((group) => parseInt(group, 16)), ...last];
}

function joinParts(parts: readonly number[], bits: bigint): bigint {
  return parts.reduce((value, part) => (value << bits) | BigInt(part), 0n);
}

function groupsIn(value: bigint): number[] {
  return Array.from({ length: 8 }, (_, index) => Number((value >> (16n * BigInt(7 - index))) & 0xffffn));
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
