/** Resources of examples: an author writes the keys that matter, and the rest takes the zero value of its type. */
import type { Resource } from "../facts/resource.ts";
import { isJsonObject } from "../json-value.ts";
import { quote, suggest } from "../text.ts";
import type { DocumentPath, Fault } from "./document.ts";
import { describeFactType, typeOfValue, type FactType } from "./fact-type.ts";
import type { Example, Policy } from "./model/policy.ts";
import { resourceType } from "./scope.ts";

export interface ExampleResource {
  readonly resource: Resource;
  /** Paths start at `resource`. */
  readonly faults: readonly Fault[];
}

/** The whole resource of an example, and what its author has written that the model does not have. */
export function buildExampleResource(policy: Policy, example: Example): ExampleResource {
  const type = resourceType(policy.target);
  const faults: Fault[] = [];
  const given = example.resource;
  if (Object.hasOwn(given, "origins")) faults.push({ path: ["resource", "origins"], part: "key", message: "an example has no origins" });
  const value = fill(type, { ...given, origins: {} }, ["resource"], faults) as Record<string, unknown>;
  const name = Object.hasOwn(given, "name") ? value["name"] : defaultName(policy);
  const id = Object.hasOwn(given, "id") || value["id"] !== "" ? value["id"] : name;
  faults.push(...checkPointers(type, Object.keys(value["unknown"] ?? {})));
  return { resource: { ...value, name, id } as Resource, faults };
}

/** A sysctl policy judges by name: its first exact one is what an example without a name means. */
function defaultName({ names = [] }: Policy): string {
  return names.find((name) => !/[*?]/.test(name)) ?? "example";
}

function fill(type: FactType, given: unknown, path: DocumentPath, faults: Fault[]): unknown {
  if (type.open) return given ?? null;
  if (isJsonObject(given) && type.fields !== null) return fillFields(type.fields, given, path, faults);
  if (isJsonObject(given) && type.others !== null) return fillOthers(type.others, given, path, faults);
  if (Array.isArray(given) && type.items !== null) {
    const { items } = type;
    return given.map((element: unknown, index) => fill(items, element, [...path, index], faults));
  }
  if (!fitsScalar(type, given)) faults.push(refuseValue(type, given, path));
  return given;
}

function fillFields(fields: Readonly<Record<string, FactType>>, given: Readonly<Record<string, unknown>>, path: DocumentPath, faults: Fault[]): unknown {
  for (const key of Object.keys(given)) {
    if (Object.hasOwn(fields, key)) continue;
    faults.push({ path: [...path, key], part: "key", message: `unknown key ${quote(key)}`, hint: suggest(key, Object.keys(fields).filter((name) => name !== "origins")) });
  }
  return Object.fromEntries(Object.entries(fields).map(([key, type]) => [
    key, Object.hasOwn(given, key) ? fill(type, given[key], [...path, key], faults) : zeroOf(type),
  ]));
}

function fillOthers(others: FactType, given: Readonly<Record<string, unknown>>, path: DocumentPath, faults: Fault[]): unknown {
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, fill(others, value, [...path, key], faults)]));
}

/** Empty, 0, false, "", the first of given texts; null where that is possible. */
function zeroOf(type: FactType): unknown {
  if (type.open || type.scalars.has("none")) return null;
  if (type.fields !== null) return Object.fromEntries(Object.entries(type.fields).map(([key, field]) => [key, zeroOf(field)]));
  if (type.others !== null) return {};
  if (type.items !== null) return [];
  if (type.scalars.has("text")) return type.literals?.[0] ?? "";
  return type.scalars.has("number") ? 0 : false;
}

function fitsScalar(type: FactType, value: unknown): boolean {
  if (typeof value === "string" && type.literals !== null) return type.literals.includes(value);
  return [...typeOfValue(value).scalars].some((scalar) => type.scalars.has(scalar));
}

function refuseValue(type: FactType, value: unknown, path: DocumentPath): Fault {
  const fault = { path, part: "value", message: `${String(path.at(-1))} is ${quote(value)}: expected ${describeFactType(type)}` } as const;
  return typeof value === "string" && type.literals !== null ? { ...fault, hint: suggest(value, type.literals) } : fault;
}

/** A pointer of `unknown` that leads nowhere would make nothing unknown; `-` stands for what a list has beyond what is known (RFC 6901). */
function checkPointers(type: FactType, pointers: readonly string[]): Fault[] {
  return pointers.flatMap((pointer): Fault[] => {
    const path = ["resource", "unknown", pointer];
    if (pointer !== "" && !pointer.startsWith("/")) return [{ path, part: "key", message: `${quote(pointer)} is no JSON pointer`, hint: "it begins with /" }];
    let current = type;
    for (const segment of pointer.split("/").slice(1)) {
      const name = segment.replaceAll("~1", "/").replaceAll("~0", "~");
      const next = current.items !== null && /^(\d+|-)$/.test(name) ? current.items : current.fields?.[name] ?? current.others;
      if (next === null) return [{ path, part: "key", message: `${quote(pointer)} points to nothing`, hint: suggest(name, Object.keys(current.fields ?? {})) }];
      current = next;
    }
    return [];
  });
}
