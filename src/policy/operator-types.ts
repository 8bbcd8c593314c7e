/** Which values each operator compares with which. */
import type { FactType, Scalar } from "./fact-type.ts";
import type { OperatorName } from "./operators.ts";

/** Right: `one` value of the left side's type (of its elements', for a list) or a list of `many`; `number`, `text` and `texts` whatever the left. */
export interface OperatorType {
  readonly left: "scalar" | "number" | "text" | "list" | "scalars" | "texts";
  readonly right: "one" | "many" | "number" | "text" | "texts";
}

export const OPERATOR_TYPES: Readonly<Record<OperatorName, OperatorType>> = {
  equal: { left: "scalar", right: "one" },
  notEqual: { left: "scalar", right: "one" },
  lessThan: { left: "number", right: "number" },
  lessThanInclusive: { left: "number", right: "number" },
  greaterThan: { left: "number", right: "number" },
  greaterThanInclusive: { left: "number", right: "number" },
  in: { left: "scalar", right: "many" },
  notIn: { left: "scalar", right: "many" },
  startsWith: { left: "text", right: "text" },
  matchesGlob: { left: "text", right: "text" },
  matchesAnyGlob: { left: "text", right: "texts" },
  olderThanFix: { left: "text", right: "texts" },
  contains: { left: "scalars", right: "one" },
  containsAny: { left: "scalars", right: "many" },
  containsOther: { left: "scalars", right: "many" },
  containsGlob: { left: "texts", right: "texts" },
  anyPathWithin: { left: "texts", right: "texts" },
  anyPathAbove: { left: "texts", right: "texts" },
  anyPathIs: { left: "texts", right: "texts" },
  anyRangeHolds: { left: "texts", right: "texts" },
  longerThan: { left: "list", right: "number" },
};

/** What an operator's left side has to be, in words. */
export const LEFT_WORDS: Readonly<Record<OperatorType["left"], string>> = {
  scalar: "a single value", number: "a number", text: "text", list: "a list", scalars: "a list of single values", texts: "a list of text",
};

/** Whether an operator can compare values of this type. */
export function fitsLeft(left: OperatorType["left"], type: FactType): boolean {
  if (type.open) return true;
  switch (left) {
    case "scalar": return isScalar(type);
    case "number": return isOnly(type, "number");
    case "text": return isOnly(type, "text");
    case "list": return type.items !== null;
    case "scalars": return type.items !== null && isScalar(type.items);
    case "texts": return type.items !== null && isOnly(type.items, "text");
  }
}

function isScalar(type: FactType): boolean {
  return type.items === null && type.fields === null && type.others === null;
}

function isOnly(type: FactType, scalar: Scalar): boolean {
  return isScalar(type) && [...type.scalars].every((one) => one === scalar || one === "none");
}
