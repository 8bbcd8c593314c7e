/** Conditions in words, for a reader of `harden policy explain`. */
import type { Condition, Leaf } from "./model/policy.ts";
import type { OperatorName } from "./operators.ts";

const OPERATOR_WORDS: Readonly<Record<OperatorName, string>> = {
  equal: "is",
  notEqual: "is not",
  lessThan: "is less than",
  lessThanInclusive: "is at most",
  greaterThan: "is more than",
  greaterThanInclusive: "is at least",
  in: "is one of",
  notIn: "is none of",
  startsWith: "starts with",
  matchesGlob: "matches",
  matchesAnyGlob: "matches one of",
  olderThanFix: "is a release without the fix of",
  contains: "contains",
  containsAny: "contains one of",
  containsOther: "contains something other than",
  containsGlob: "contains a match of one of",
  anyPathWithin: "has a path within one of",
  anyPathAbove: "has a path that is, or lies above, one of",
  anyPathIs: "has a path that is one of",
  anyRangeHolds: "has a range that holds one of",
  longerThan: "has more elements than",
};

/** One line for each part of a condition, indented by its depth. */
export function describeCondition(condition: Condition, indent = ""): string[] {
  const inner = `${indent}  `;
  if ("all" in condition) return describeList(condition.all, "all of", indent, inner);
  if ("any" in condition) return describeList(condition.any, "any of", indent, inner);
  if ("not" in condition) return [`${indent}not`, ...describeCondition(condition.not, inner)];
  return [`${indent}${describeLeaf(condition)}`];
}

/** One part alone needs no word for how parts are joined. */
function describeList(parts: readonly Condition[], word: string, indent: string, inner: string): string[] {
  const [only, ...rest] = parts;
  if (only !== undefined && rest.length === 0) return describeCondition(only, indent);
  return [`${indent}${word}`, ...parts.flatMap((part) => describeCondition(part, inner))];
}

function describeLeaf({ fact, path, operator, value }: Leaf): string {
  return `${namePath(fact, path)} ${OPERATOR_WORDS[operator]} ${describeValue(value)}`;
}

function describeValue(value: Leaf["value"]): string {
  if (Array.isArray(value)) return value.map(String).join(", ");
  if (typeof value === "object" && value !== null) return namePath(value.fact, value.path);
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

function namePath(fact: string, path: string | undefined): string {
  if (fact === "parameters") return `the parameter ${path ?? ""}`;
  return path === undefined ? fact : `${fact}.${path}`;
}
