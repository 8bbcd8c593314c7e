/** An address and mask of a rule as a set. */
import { parseAddress, prefixMask } from "../../addresses.ts";
import type { Intervals } from "../../sets/intervals.ts";
import type { Network } from "../../terms.ts";
import { maskedAddresses } from "../networks.ts";

/** Null for a mask with too many holes. */
export function networkSet({ family, address, mask }: Network): Intervals<bigint> | null {
  const value = parseAddress(address)?.value;
  const bits = typeof mask === "number" ? prefixMask(mask, family) : parseAddress(mask)?.value;
  return value === undefined || bits === undefined ? null : maskedAddresses(family, value, bits);
}
