/** `ip frag-off & MASK`: whether a packet is a fragment. */
import type { Test } from "../../firewall/tests.ts";
import type { NftExpression } from "../../nft/expressions.ts";
import { numberRange } from "../../sets/intervals.ts";
import { numberIn } from "../tests.ts";
import { type Field, unordered } from "./field.ts";
import { noNames } from "./names.ts";
import { numberOf } from "./number-field.ts";

/** Null unless the mask keeps the offset and nothing else: of a first fragment, which has only the flag, the model knows nothing. */
export function fragmentField(mask: NftExpression): Field | null {
  if (numberOf(mask, { names: noNames }) !== 0x1fff) return null;
  const ipv4: Test = numberIn("family", [4, 5]);
  return {
    ...unordered,
    implied: [ipv4],
    present: ipv4,
    // Offsets other than none are alike here.
    isOneOf: (constants, negated) => {
      const isNone = constants.length === 1 && constants[0]?.kind === "value" && constants[0].value === 0;
      return isNone ? numberIn("fragment", negated ? numberRange(1, 1) : numberRange(0, 0)) : null;
    },
  };
}
