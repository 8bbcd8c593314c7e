/** Checks one comparison of a condition: its fact, path, operator and value. */
import { quote, suggest } from "../text.ts";
import type { DocumentPath, Fault } from "./document.ts";
import { describeFactType, scalarType, typeOfValue, type FactType } from "./fact-type.ts";
import type { Leaf } from "./model/policy.ts";
import { fitsLeft, LEFT_WORDS, OPERATOR_TYPES } from "./operator-types.ts";
import { OPERATOR_NAMES, type OperatorName } from "./operators.ts";
import { resolve, type Scope } from "./scope.ts";

/** What is wrong with a leaf that stands at `path`; the first fault hides those that follow from it. */
export function checkLeaf(leaf: Leaf, path: DocumentPath, scope: Scope): Fault[] {
  const resolved = resolve(scope, leaf.fact, leaf.path);
  if ("problem" in resolved) return [{ path: [...path, scope.has(leaf.fact) ? "path" : "fact"], part: "value", ...resolved.problem }];
  const label = leaf.path === undefined ? leaf.fact : `${leaf.fact}.${leaf.path}`;
  return checkOperator(leaf, label, resolved.type, path) ?? checkValue(leaf, label, resolved.type, path, scope);
}

function checkOperator({ operator }: Leaf, label: string, type: FactType, path: DocumentPath): Fault[] | null {
  const { left } = OPERATOR_TYPES[operator];
  if (fitsLeft(left, type)) return null;
  const fitting = OPERATOR_NAMES.filter((name) => fitsLeft(OPERATOR_TYPES[name].left, type));
  const message = `${operator} compares ${LEFT_WORDS[left]}, and ${label} is ${describeFactType(type)}`;
  const hint = fitting.length === 0 ? "compare one of the values below it" : `fitting operators: ${fitting.join(", ")}`;
  return [{ path: [...path, "operator"], part: "value", message, hint }];
}

function checkValue(leaf: Leaf, label: string, type: FactType, path: DocumentPath, scope: Scope): Fault[] {
  const compared = rightType(leaf.operator, type);
  const at = [...path, "value"];
  const value: unknown = leaf.value;
  if (isReference(value)) return checkReference(leaf, value, compared, at, scope);
  const why = explainRight(leaf.operator, label, type, compared);
  if (!wantsList(leaf.operator)) return fits(compared, value) ? [] : [refuse(why, value, compared, at)];
  if (!Array.isArray(value)) return [{ path: at, part: "value", message: `${leaf.operator} compares with a list, and value is ${quote(value)}`, hint: `[${quote(value)}]` }];
  return value.flatMap((element: unknown, index) => (fits(compared, element) ? [] : [refuse(why, element, compared, [...at, index])]));
}

/** The type of the right side, or of its elements where it is a list. */
function rightType(operator: OperatorName, left: FactType): FactType {
  switch (OPERATOR_TYPES[operator].right) {
    case "number": return scalarType("number");
    case "text":
    case "texts": return scalarType("text");
    case "one":
    case "many": return left.items ?? left;
  }
}

function wantsList(operator: OperatorName): boolean {
  const { right } = OPERATOR_TYPES[operator];
  return right === "many" || right === "texts";
}

interface Reference {
  readonly fact: string;
  readonly path: string;
}

function checkReference(leaf: Leaf, { fact, path }: Reference, compared: FactType, at: DocumentPath, scope: Scope): Fault[] {
  const resolved = resolve(scope, fact, path);
  if ("problem" in resolved) return [{ path: [...at, scope.has(fact) ? "path" : "fact"], part: "value", ...resolved.problem }];
  const isMany = wantsList(leaf.operator);
  const type = isMany ? resolved.type.items : resolved.type;
  if (resolved.type.open || compared.open || (type !== null && overlap(type, compared))) return [];
  const wanted = isMany ? `a list of ${describeFactType(compared)}` : describeFactType(compared);
  return [{ path: at, part: "value", message: `${leaf.operator} compares with ${wanted}, and ${fact}.${path} is ${describeFactType(resolved.type)}` }];
}

function overlap(a: FactType, b: FactType): boolean {
  return a.open || b.open || [...a.scalars].some((scalar) => scalar !== "none" && b.scalars.has(scalar));
}

/** Whether a value can ever be the one compared with. */
function fits(type: FactType, value: unknown): boolean {
  if (type.open) return true;
  if (typeof value === "string" && type.literals !== null) return type.literals.includes(value);
  const { scalars } = typeOfValue(value);
  return [...scalars].some((scalar) => type.scalars.has(scalar));
}

function explainRight(operator: OperatorName, label: string, left: FactType, compared: FactType): string {
  const { right } = OPERATOR_TYPES[operator];
  if (right !== "one" && right !== "many") return `${operator} compares with ${describeFactType(compared)}`;
  return `${left.items === null ? label : `an element of ${label}`} is ${describeFactType(compared)}`;
}

function refuse(why: string, value: unknown, type: FactType, path: DocumentPath): Fault {
  const fault = { path, part: "value", message: `value is ${quote(value)}, and ${why}` } as const;
  return typeof value === "string" && type.literals !== null ? { ...fault, hint: suggest(value, type.literals) } : fault;
}

function isReference(value: unknown): value is Reference {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
