/** Networks as an address and a length. */
import { addressBits } from "../addresses.ts";
import type { Prefix } from "./model.ts";

/** Whether the address, of the prefix's family, lies in it. */
export function contains(prefix: Prefix, address: bigint, family: 4 | 6): boolean {
  const rest = BigInt(addressBits(family) - prefix.length);
  return prefix.address >> rest === address >> rest;
}
