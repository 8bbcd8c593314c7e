/** Which alternative of an `anyOf` the author of a value had in mind. */
import { isJsonObject } from "../json-value.ts";
import { quote, suggest } from "../text.ts";
import type { DocumentPath, Fault } from "./document.ts";
import { describeTypes, labelPath, listAccepted, type Schema } from "./schema-words.ts";

export type Picked = { readonly schema: Schema } | { readonly fault: Fault };

/** The alternative to explain the value by, or the fault if it is like none of them. */
export function pickAlternative(alternatives: readonly Schema[], definitions: Readonly<Record<string, Schema>>, value: unknown, path: DocumentPath): Picked {
  const flat = alternatives.flatMap((schema) => flatten(schema, definitions));
  const accepted = flat.flatMap(listConstants);
  if (flat.every((schema) => listConstants(schema).length > 0)) {
    return { fault: { path, part: "value", message: `${labelPath(path)} is ${quote(value)}`, hint: listAccepted(value, accepted) } };
  }
  const ofType = flat.filter((schema) => schema.type === typeName(value));
  if (isJsonObject(value) && ofType.length > 0) return pickByKeys(ofType, value, path);
  const [schema] = ofType;
  if (schema !== undefined) return { schema };
  return { fault: { path, part: "value", message: `${labelPath(path)} is ${quote(value)}: expected ${describeTypes(flat)}` } };
}

function flatten(schema: Schema, definitions: Readonly<Record<string, Schema>>): Schema[] {
  const target = schema.$ref === undefined ? schema : (definitions[schema.$ref.replace("#/$defs/", "")] ?? {});
  return target.anyOf === undefined ? [target] : target.anyOf.flatMap((inner) => flatten(inner, definitions));
}

function listConstants(schema: Schema): readonly unknown[] {
  return "const" in schema ? [schema.const] : (schema.enum ?? []);
}

/** By the key whose constant tells the alternatives apart (`type`), else by the keys that are there. */
function pickByKeys(schemas: readonly Schema[], value: Readonly<Record<string, unknown>>, path: DocumentPath): Picked {
  const tag = findTag(schemas);
  if (tag !== null) {
    const tagged = schemas.find((schema) => schema.properties?.[tag]?.const === value[tag]);
    return tagged === undefined ? { fault: refuseTag(schemas, tag, value, path) } : { schema: tagged };
  }
  const score = (schema: Schema): number => Object.keys(value).filter((key) => Object.hasOwn(schema.properties ?? {}, key)).length;
  const best = schemas.reduce((a, b) => (score(b) > score(a) ? b : a));
  return score(best) > 0 || schemas.length === 1 ? { schema: best } : { fault: refuseKeys(schemas, value, path) };
}

function findTag(schemas: readonly Schema[]): string | null {
  if (schemas.length < 2) return null;
  const [first] = schemas;
  const isTag = (key: string): boolean => schemas.every((schema) => schema.properties?.[key]?.const !== undefined);
  return Object.keys(first?.properties ?? {}).find(isTag) ?? null;
}

function refuseTag(schemas: readonly Schema[], tag: string, value: Readonly<Record<string, unknown>>, path: DocumentPath): Fault {
  const accepted = schemas.map((schema) => schema.properties?.[tag]?.const);
  if (!Object.hasOwn(value, tag)) {
    return { path, part: "value", message: `${labelPath(path)}: the key ${quote(tag)} is missing`, hint: `accepted: ${accepted.join(", ")}` };
  }
  const at = [...path, tag];
  return { path: at, part: "value", message: `${labelPath(at)} is ${quote(value[tag])}`, hint: listAccepted(value[tag], accepted) };
}

function refuseKeys(schemas: readonly Schema[], value: Readonly<Record<string, unknown>>, path: DocumentPath): Fault {
  const accepted = [...new Set(schemas.flatMap((schema) => Object.keys(schema.properties ?? {})))];
  const [key] = Object.keys(value);
  if (key === undefined) return { path, part: "value", message: `${labelPath(path)} is empty`, hint: `accepted: ${accepted.join(", ")}` };
  return { path: [...path, key], part: "key", message: `unknown key ${quote(key)}`, hint: suggest(key, accepted) };
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
