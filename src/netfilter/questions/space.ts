/** The addresses of other machines. */
import { type Address, addressBits, parseAddress, prefixMask } from "../addresses.ts";
import { bigintRange, intersect, type Intervals, subtract, uniteAll } from "../sets/intervals.ts";

/** Never a source on the wire between machines: this network, loopback, multicast and what is reserved (RFC 6890). */
const STRANGE: Readonly<Record<4 | 6, readonly string[]>> = {
  4: ["0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3"],
  6: ["::/127", "ff00::/8", "::ffff:0:0/96"],
};

/** All unicast addresses but those of these networks (`172.17.0.0/16`, or an address alone). Throws for what is no network. */
export function otherMachines(family: 4 | 6, own: readonly string[]): Intervals<bigint> {
  const all = bigintRange(0n, (1n << BigInt(addressBits(family))) - 1n);
  return subtract(all, uniteAll([...STRANGE[family], ...own].map((network) => networkRange(network, family))));
}

/** These addresses, of one family. */
export function addressSet(addresses: readonly Address[]): Intervals<bigint> {
  const bounds: bigint[] = [];
  for (const value of addresses.map((address) => address.value).sort((a, b) => (a < b ? -1 : Number(a > b)))) {
    const last = bounds.at(-1);
    if (last === undefined || last < value) bounds.push(value, value + 1n);
    else if (last === value) bounds[bounds.length - 1] = value + 1n;
  }
  return bounds;
}

/** Addresses that are handed out to the public: of IPv6 an eighth (IANA's registry of global unicast addresses), of IPv4 nearly all. */
const PUBLIC: Readonly<Record<4 | 6, string>> = { 4: "0.0.0.0/0", 6: "2000::/3" };

/** Whether the set holds more than half of the public addresses of the space: all but a few, as ban lists and blocks of countries leave it. */
export function isMostOf(set: Intervals<bigint>, space: Intervals<bigint>, family: 4 | 6): boolean {
  const open = intersect(space, networkRange(PUBLIC[family], family));
  return open.length > 0 && 2n * sizeOf(intersect(set, open)) > sizeOf(open);
}

function sizeOf(set: Intervals<bigint>): bigint {
  return set.reduce((size, bound, index) => size + (index % 2 === 0 ? -bound : bound), 0n);
}

/** A network's addresses; none where it is of the other family. Throws for what is no network. */
export function networkRange(network: string, family: 4 | 6): Intervals<bigint> {
  const [text = "", length] = network.split("/");
  const address: Address | null = parseAddress(text);
  if (address === null) throw new RangeError(`${network} is no network`);
  if (address.family !== family) return [];
  const mask = prefixMask(length === undefined ? addressBits(family) : Number(length), family);
  const from = address.value & mask;
  return bigintRange(from, from | (mask ^ ((1n << BigInt(addressBits(family))) - 1n)));
}
