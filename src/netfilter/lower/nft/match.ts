/** A comparison as tests. */
import type { Test } from "../../firewall/tests.ts";
import type { NftElement, NftExpression } from "../../nft/expressions.ts";
import type { NftStatement } from "../../nft/statements.ts";
import { allOf, always, anyOf, never } from "../tests.ts";
import type { Field } from "./field.ts";
import { lowerStateful, perKey, wasAdded } from "./history.ts";
import { keyOf } from "./keys.ts";
import { findMembers, type Members } from "./members.ts";
import type { Surroundings } from "./surroundings.ts";

/** First what the field implies, then the comparison itself. `text` is the statement. */
export function lowerMatch(match: Extract<NftStatement, { kind: "match" }>, text: string, surroundings: Surroundings): readonly Test[] {
  const { left } = match;
  if (left.kind === "choice" || isClock(left)) return [{ kind: "chance", text }];
  const field = keyOf(left);
  const test = field === null ? null : compare(field, match, surroundings);
  return field === null || test === null ? [{ kind: "opaque", text }] : [...field.implied, test];
}

/** Time and chance: `meta hour`, `meta random`. */
function isClock(left: NftExpression): boolean {
  return left.kind === "meta" && ["time", "day", "hour", "random", "cpu"].includes(left.key);
}

function compare(field: Field, { operator, left, right }: Extract<NftStatement, { kind: "match" }>, surroundings: Surroundings): Test | null {
  switch (operator) {
    case "in":
    case "!":
      return field.hasBits(right, operator === "in");
    case "<":
    case ">":
    case "<=":
    case ">=":
      return field.compare(operator, right);
    case "==":
    case "!=": {
      const negated = operator === "!=";
      if (right.kind !== "set" && right.kind !== "set-reference") return field.isOneOf([right], negated);
      const members = findMembers(right, surroundings);
      return members === null ? null : lookUp(field, left, right, members, negated);
    }
  }
}

/** nft_lookup of the kernel: without the field the rule is left, whether the look-up is negated or not. */
function lookUp(field: Field, key: NftExpression, set: NftExpression, members: Members, negated: boolean): Test | null {
  const { elements, rest, growsFor } = members;
  const hasState = elements.some(({ statements }) => statements.some(({ kind }) => kind !== "counter"));
  if (growsFor === undefined && rest === null && !hasState) return field.isOneOf(elements.map((element) => element.key), negated);
  const tests = [...elements, ...(rest === null ? [] : [rest])].map((element) => isElement(field, key, element, element === rest));
  if (tests.includes(null)) return null;
  const added = growsFor === undefined ? never : allOf([field.present, wasAdded(perKey(key, set.kind === "set-reference" ? set.name : ""), growsFor)]);
  const member = anyOf([...tests.filter((test) => test !== null), added]);
  return negated ? allOf([field.present, { kind: "not", test: member }]) : member;
}

/** An element is found only while what it counts lets the packet go on (nft_set_elem_update_expr). */
function isElement(field: Field, key: NftExpression, { key: constant, statements }: NftElement, isRest: boolean): Test | null {
  const found = isRest ? field.present : field.isOneOf([constant], false);
  const limits = statements.map((statement) => lowerStateful(statement, perKey(key, "")) ?? always);
  return found === null ? null : allOf([found, ...limits.filter((limit) => limit !== always)]);
}
