/** What nft can load and compare: fields of the packet, each with its own kind of constants. */
import type { NftExpression } from "../../nft/expressions.ts";
import type { Test } from "../../firewall/tests.ts";

export interface Field {
  /** What nft leaves out of its lists because the field implies it: `tcp dport` is asked of TCP only. */
  readonly implied: readonly Test[];
  /** True where the packet has the field: loading a field that is not there leaves the rule. */
  readonly present: Test;
  /** The field is, or for `negated` is none, of the constants. Null where one of them is not understood. */
  readonly isOneOf: (constants: readonly NftExpression[], negated: boolean) => Test | null;
  /** Less than, greater than. Null for what has no order. */
  readonly compare: (operator: "<" | ">" | "<=" | ">=", constant: NftExpression) => Test | null;
  /** One of these bits is, or none is, set. Null for what has no bits. */
  readonly hasBits: (bits: NftExpression, any: boolean) => Test | null;
  /** The field under a mask. Null for what has none. */
  readonly under: (mask: NftExpression) => Field | null;
}

/** For fields that can only be compared for being equal. */
export const unordered: Pick<Field, "compare" | "hasBits" | "under"> = { compare: () => null, hasBits: () => null, under: () => null };
