/** Types of the values that conditions read, from the models of the facts. */
import { quote } from "../text.ts";
import type { Schema } from "./schema-words.ts";

/** `none` is null, or a key that need not be there. */
export type Scalar = "text" | "number" | "boolean" | "none";

export interface FactType {
  readonly scalars: ReadonlySet<Scalar>;
  /** The only texts that occur; null: any text. */
  readonly literals: readonly string[] | null;
  /** Of a list: its elements. */
  readonly items: FactType | null;
  /** Of a map with given keys. */
  readonly fields: Readonly<Record<string, FactType>> | null;
  /** Of a map with any keys: its values. */
  readonly others: FactType | null;
  /** Nothing is known about the value. */
  readonly open: boolean;
}

export const OPEN: FactType = { scalars: new Set(), literals: null, items: null, fields: null, others: null, open: true };
const EMPTY: FactType = { ...OPEN, open: false };

export function scalarType(...scalars: readonly Scalar[]): FactType {
  return { ...EMPTY, scalars: new Set(scalars) };
}

function listType(items: FactType): FactType {
  return { ...EMPTY, items };
}

export function mapType(fields: Readonly<Record<string, FactType>>): FactType {
  return { ...EMPTY, fields };
}

/** The type that a model's JSON Schema describes. */
export function toFactType(schema: Schema): FactType {
  if (schema.anyOf !== undefined) return schema.anyOf.map(toFactType).reduce(unite);
  if (schema.enum !== undefined) return schema.enum.map(literalType).reduce(unite);
  if (schema.const !== undefined) return literalType(schema.const);
  if (schema.type === "array") return listType(toFactType(schema.items ?? {}));
  if (schema.type === "object") return toMapType(schema);
  const scalar = SCALARS[schema.type ?? ""];
  return scalar === undefined ? OPEN : scalarType(scalar);
}

const SCALARS: Readonly<Record<string, Scalar>> = { string: "text", number: "number", boolean: "boolean", null: "none" };

/** What is one or the other; a key that only one of two maps has need not be there. */
export function unite(a: FactType, b: FactType): FactType {
  return {
    scalars: new Set([...a.scalars, ...b.scalars]),
    literals: uniteLiterals(a, b),
    items: uniteParts(a.items, b.items),
    fields: uniteFields(a.fields, b.fields),
    others: uniteParts(a.others, b.others),
    open: a.open || b.open,
  };
}

/** The type of a plain value, such as a parameter's default; elements of an empty list may be text or numbers. */
export function typeOfValue(value: unknown): FactType {
  if (Array.isArray(value)) return listType(value.length === 0 ? scalarType("text", "number") : value.map(typeOfValue).reduce(unite));
  if (value === null) return scalarType("none");
  if (typeof value === "string") return scalarType("text");
  if (typeof value === "number") return scalarType("number");
  return typeof value === "boolean" ? scalarType("boolean") : OPEN;
}

/** `text`, `true or false`, `a list of text`, `any, address or loopback`. */
export function describeFactType(type: FactType): string {
  if (type.open) return "anything";
  const { scalars, literals, items } = type;
  const words = [
    ...(literals !== null ? literals.map((text) => quote(text)) : scalars.has("text") ? ["text"] : []),
    ...(scalars.has("number") ? ["a number"] : []),
    ...(scalars.has("boolean") ? ["true", "false"] : []),
    ...(items !== null ? [items.fields === null ? `a list of ${describeFactType(items)}` : "a list of maps"] : []),
    ...(type.fields !== null || type.others !== null ? ["a map"] : []),
    ...(scalars.has("none") ? ["null"] : []),
  ];
  const last = words.pop() ?? "nothing";
  return words.length === 0 ? last : `${words.join(", ")} or ${last}`;
}

function toMapType({ properties, patternProperties }: Schema): FactType {
  const fields = properties === undefined ? null : Object.fromEntries(Object.entries(properties).map(([key, schema]) => [key, toFactType(schema)]));
  const [others] = Object.values(patternProperties ?? {});
  return { ...EMPTY, fields, others: others === undefined ? null : toFactType(others) };
}

function literalType(value: unknown): FactType {
  return typeof value === "string" ? { ...scalarType("text"), literals: [value] } : typeOfValue(value);
}

function uniteLiterals(a: FactType, b: FactType): readonly string[] | null {
  if (!a.scalars.has("text")) return b.literals;
  if (!b.scalars.has("text")) return a.literals;
  return a.literals === null || b.literals === null ? null : [...new Set([...a.literals, ...b.literals])];
}

function uniteParts(a: FactType | null, b: FactType | null): FactType | null {
  return a === null || b === null ? (a ?? b) : unite(a, b);
}

function uniteFields(a: FactType["fields"], b: FactType["fields"]): FactType["fields"] {
  if (a === null || b === null) return a ?? b;
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return Object.fromEntries(keys.map((key) => [key, unite(a[key] ?? scalarType("none"), b[key] ?? scalarType("none"))]));
}
