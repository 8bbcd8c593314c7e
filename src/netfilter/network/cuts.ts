/** Where, along the addresses, the network's answers can change. */
import { addressBits } from "../addresses.ts";
import type { SourceCuts } from "../walk/network.ts";
import { hasDefaultRules } from "./lookup.ts";
import type { NetworkState, Prefix } from "./model.ts";

/** Sorted, from 0 to the end of the address space. */
export function findCuts({ routes, addresses, rules }: NetworkState, family: 4 | 6): SourceCuts {
  const own = rules[family];
  const ruled = own === null || hasDefaultRules(own, family) ? [] : own;
  const prefixes = [
    ...special[family],
    ...routes.filter((route) => route.family === family).flatMap(({ destination, source }) => (source === null ? [destination] : [destination, source])),
    ...addresses.filter((address) => address.family === family).map(({ address }): Prefix => ({ address, length: addressBits(family) })),
    ...ruled.flatMap(({ source, destination }) => [source, destination].filter((prefix) => prefix !== null)),
  ];
  const size = BigInt(addressBits(family));
  const bounds = new Set([0n, 1n << size]);
  for (const { address, length } of prefixes) {
    const step = 1n << (size - BigInt(length));
    const start = (address / step) * step;
    bounds.add(start).add(start + step);
  }
  return { bounds: [...bounds].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)), byRules: ruled.length > 0 };
}

/** Addresses that the kernel treats in their own way as sources, whatever the routes. */
const special: Readonly<Record<4 | 6, readonly Prefix[]>> = {
  4: [
    { address: 0n, length: 8 }, { address: 0n, length: 32 }, { address: 0x7f000000n, length: 8 }, { address: 0xe0000000n, length: 4 }, { address: 0xe0000000n, length: 24 },
    { address: 0xf0000000n, length: 4 }, { address: 0xffffffffn, length: 32 }, { address: 0xa9fe0000n, length: 16 },
  ],
  6: [
    { address: 0n, length: 128 }, { address: 1n, length: 128 }, { address: 0n, length: 96 }, { address: 0xffff00000000n, length: 96 },
    { address: 0xfe80n << 112n, length: 10 }, { address: 0xfec0n << 112n, length: 10 }, { address: 0xfc00n << 112n, length: 7 }, { address: 0xffn << 120n, length: 8 },
  ],
};
