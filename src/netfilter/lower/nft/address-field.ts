/** Fields that are addresses. */
import { addressBits, parseAddress, prefixMask } from "../../addresses.ts";
import type { AddressField, Test } from "../../firewall/tests.ts";
import type { NftExpression } from "../../nft/expressions.ts";
import { type Intervals, bigintRange, complement, uniteAll } from "../../sets/intervals.ts";
import { maskedAddresses } from "../networks.ts";
import { allAddresses } from "../tests.ts";
import { type Field, unordered } from "./field.ts";

/** `mask` is null, or what the rule keeps of the address. */
export function addressField(field: AddressField, family: 4 | 6, implied: readonly Test[], mask: bigint | null = null): Field {
  const test = (set: Intervals<bigint>): Test => ({ kind: "address", field, family, set });
  const all = allAddresses(family);
  return {
    ...unordered,
    implied,
    present: test(all),
    isOneOf: (constants, negated) => {
      const sets = constants.map((constant) => setOf(constant, family, mask));
      if (sets.some((set) => set === null)) return null;
      const set = uniteAll(sets.filter((one) => one !== null));
      return test(negated ? complement(set, all) : set);
    },
    compare: (operator, constant) => {
      const bound = addressOf(constant, family);
      // Under a mask the addresses below a bound are too many intervals.
      if (bound === null || mask !== null) return null;
      const below: Intervals<bigint> = operator === "<" || operator === ">=" ? [0n, bound] : [0n, bound + 1n];
      const set = below[1] === 0n ? [] : below;
      return test(operator.startsWith("<") ? set : complement(set, all));
    },
    under: (constant) => {
      const bits = addressOf(constant, family);
      return bits === null || mask !== null ? null : addressField(field, family, implied, bits);
    },
  };
}

function setOf(constant: NftExpression, family: 4 | 6, mask: bigint | null): Intervals<bigint> | null {
  if (constant.kind === "range") {
    const [from, to] = [addressOf(constant.from, family), addressOf(constant.to, family)];
    if (from === null || to === null || mask !== null) return null;
    return from > to ? [] : bigintRange(from, to);
  }
  const [network, length] = constant.kind === "prefix" ? [constant.address, constant.length] : [constant, addressBits(family)];
  const address = addressOf(network, family);
  if (address === null) return null;
  if (mask === null) return maskedAddresses(family, address, prefixMask(length, family));
  // What the mask takes away can be no part of the constant.
  if (constant.kind === "prefix") return null;
  return (address & ~mask) === 0n ? maskedAddresses(family, address, mask) : [];
}

function addressOf(constant: NftExpression, family: 4 | 6): bigint | null {
  if (constant.kind !== "value" || typeof constant.value !== "string") return null;
  const address = parseAddress(constant.value);
  return address?.family === family ? address.value : null;
}
