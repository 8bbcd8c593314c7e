/** Keys of sets and maps: a field, or several in a row. */
import type { Test } from "../../firewall/tests.ts";
import type { NftExpression } from "../../nft/expressions.ts";
import { allOf, anyOf } from "../tests.ts";
import { type Field, unordered } from "./field.ts";
import { fieldOf } from "./fields.ts";

/** Null where a part is not modelled. */
export function keyOf(expression: NftExpression): Field | null {
  if (expression.kind !== "concat") return fieldOf(expression);
  const parts = expression.parts.map(fieldOf);
  return parts.includes(null) ? null : concatField(parts.filter((part) => part !== null));
}

/** Each constant is a row with one constant for every part. */
function concatField(parts: readonly Field[]): Field {
  const present = allOf(parts.map((part) => part.present));
  const rowTest = (constant: NftExpression): Test | null => {
    if (constant.kind !== "concat" || constant.parts.length !== parts.length) return null;
    const tests = parts.map((part, index) => part.isOneOf(constant.parts.slice(index, index + 1), false));
    return tests.includes(null) ? null : allOf(tests.filter((test) => test !== null));
  };
  return {
    ...unordered,
    implied: parts.flatMap((part) => part.implied),
    present,
    isOneOf: (constants, negated) => {
      const rows = constants.map(rowTest);
      if (rows.includes(null)) return null;
      const member = anyOf(rows.filter((row) => row !== null));
      return negated ? allOf([present, { kind: "not", test: member }]) : member;
    },
  };
}
