/** What the conditions of a policy can see: facts by name, and the type of every path into them. */
import { MODELS } from "../facts/models.ts";
import type { Kind } from "../facts/resource.ts";
import { quote, suggest } from "../text.ts";
import { mapType, OPEN, scalarType, toFactType, typeOfValue, unite, type FactType } from "./fact-type.ts";
import type { Policy } from "./model/policy.ts";

export type Scope = ReadonlyMap<string, FactType>;

/** What is wrong with a name or a path, in words. */
export interface Problem {
  readonly message: string;
  readonly hint: string;
}

export type Resolved = { readonly type: FactType } | { readonly problem: Problem };

/** The whole model of a kind, as an example may fill it. */
export function resourceType(kind: Kind): FactType {
  const type = toFactType(MODELS[kind]);
  return { ...type, fields: { ...type.fields, origins: OPEN, unknown: { ...mapType({}), fields: null, others: scalarType("text") } } };
}

/** The facts that conditions of a policy may name: its target, its parameters, and `element` where it has lists to run on. */
export function buildScope(policy: Policy): Scope {
  const target = readableType(policy.target);
  const parameters = mapType(Object.fromEntries(Object.entries(policy.parameters ?? {}).map(([name, { default: value }]) => [name, typeOfValue(value)])));
  const elements = (policy.each ?? []).flatMap((path) => {
    const list = resolvePath(policy.target, target, path);
    return "type" in list && list.type.items !== null ? [list.type.items] : [];
  });
  const scope = new Map<string, FactType>([[policy.target, target], ["parameters", parameters]]);
  if (policy.each !== undefined) scope.set("element", elements.length === 0 ? OPEN : elements.reduce(unite));
  return scope;
}

/** The type of a path of a fact. */
export function resolve(scope: Scope, fact: string, path: string | undefined): Resolved {
  const type = scope.get(fact);
  if (type !== undefined) return resolvePath(fact, type, path);
  if (fact === "element") return { problem: { message: "there is no element here", hint: "`element` is for the fail and escalate conditions of a policy with `each`" } };
  return { problem: { message: `there is no fact ${quote(fact)} here`, hint: suggest(fact, [...scope.keys()]) } };
}

/** Follows dotted names into a type. */
function resolvePath(fact: string, type: FactType, path: string | undefined): Resolved {
  let current = type;
  let label = fact;
  for (const name of path === undefined ? [] : path.split(".")) {
    const next = step(current, name);
    if (next === null) return { problem: describeDeadEnd(label, current, name) };
    current = next;
    label = `${label}.${name}`;
  }
  return { type: current };
}

function step(type: FactType, name: string): FactType | null {
  if (type.open) return OPEN;
  if (type.fields !== null && Object.hasOwn(type.fields, name)) return type.fields[name] ?? null;
  // A map with any keys may lack this one.
  return type.others === null ? null : unite(type.others, scalarType("none"));
}

function describeDeadEnd(label: string, type: FactType, name: string): Problem {
  const message = `${label} has no ${quote(name)}`;
  if (type.items !== null) return { message: `${label} is a list and has no ${quote(name)}`, hint: "name the list in `each` and read the fact `element`" };
  const names = Object.keys(type.fields ?? {});
  if (names.length === 0) return { message, hint: label === "parameters" ? "the policy declares no parameters" : "nothing lies below it" };
  return { message, hint: suggest(name, names) };
}

/** Without what is about the facts themselves. */
function readableType(kind: Kind): FactType {
  const type = toFactType(MODELS[kind]);
  const hidden = new Set(["kind", "origins", "unknown"]);
  return { ...type, fields: Object.fromEntries(Object.entries(type.fields ?? {}).filter(([name]) => !hidden.has(name))) };
}

