/** Fields that are names of interfaces. A packet without interface has the name "" (nft_meta_get_eval stores zeros). */
import type { NameField, NameSet, Test } from "../../firewall/tests.ts";
import type { NftExpression } from "../../nft/expressions.ts";
import { always } from "../tests.ts";
import { type Field, unordered } from "./field.ts";

/** iif and oif compare indexes, which nft prints as names: no `*` in them stands for more. */
export function nameField(field: NameField, byIndex: boolean): Field {
  return fieldOfNames((set) => ({ kind: "name", field, set }), byIndex);
}

/** Any test that takes a set of names. */
export function fieldOfNames(test: (set: NameSet) => Test, byIndex: boolean): Field {
  return {
    ...unordered,
    implied: [],
    present: always,
    isOneOf: (constants, negated) => {
      const set = namesOf(constants, byIndex);
      return set === null ? null : test({ ...set, negated });
    },
  };
}

function namesOf(constants: readonly NftExpression[], byIndex: boolean): Omit<NameSet, "negated"> | null {
  const names: string[] = [];
  const prefixes: string[] = [];
  for (const constant of constants) {
    // An index whose interface is gone is printed as a number.
    if (constant.kind !== "value" || typeof constant.value !== "string" || (byIndex && /^\d+$/.test(constant.value))) return null;
    const name = constant.value;
    if (name.endsWith("\\*")) names.push(`${name.slice(0, -2)}*`);
    else if (name.endsWith("*") && !byIndex) prefixes.push(name.slice(0, -1));
    else names.push(name);
  }
  return { names, prefixes };
}
