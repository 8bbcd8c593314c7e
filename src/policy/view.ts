/**
 * How a condition reads a fact: by dotted names, own properties only, with what is unknown about the value beside it.
 */
import { lookUp, pointer } from "../facts/resource.ts";

/** A fact handed to a condition: a plain value, and where it stands in its resource. */
export interface View {
  readonly value: unknown;
  /** JSON pointer of `value` in the resource that `unknown` belongs to. */
  readonly at: string;
  readonly unknown: Readonly<Record<string, string>>;
}

/** What was read: the value, or the reason why it is not known; for a list or object the reasons of its unknown parts. */
export interface Read {
  readonly at: string;
  readonly value: unknown;
  readonly unknown: string | null;
  /** Reason by pointer, for parts of the value that are unknown. */
  readonly unknownParts: Readonly<Record<string, string>>;
}

const NO_PARTS = Object.freeze({});

/** Reads `path` (dotted, or undefined for the value itself). What is not there is undefined. */
export function read(view: View, path: string | undefined): Read {
  const { names, pointers, below } = routeOf(path);
  let value: unknown = view.value;
  for (const name of names) value = ownProperty(value, name);
  const isWhole = view.at === "";
  const at = isWhole ? below : view.at + below;
  if (isEmpty(view.unknown)) return { at, value, unknown: null, unknownParts: NO_PARTS };
  const unknown = (isWhole ? lookUpFirst(view.unknown, pointers) : lookUp(view.unknown, at)) ?? null;
  return { at, value: unknown === null ? value : null, unknown, unknownParts: partsBelow(view.unknown, at) };
}

interface Route {
  readonly names: readonly string[];
  /** The same as a JSON pointer. */
  readonly below: string;
  /** It and those above it, up to that of the whole. */
  readonly pointers: readonly string[];
}

/** Paths stand in policies: a few hundred, each read once for every resource. */
const routes = new Map<string, Route>();

function routeOf(path: string | undefined): Route {
  if (path === undefined) return HERE;
  const known = routes.get(path);
  if (known !== undefined) return known;
  const route = toRoute(path.split("."));
  routes.set(path, route);
  return route;
}

function toRoute(names: readonly string[]): Route {
  const pointers = [...names.keys(), names.length].map((length) => pointer(names.slice(0, length))).reverse();
  return { names, below: pointer(names), pointers };
}

const HERE: Route = toRoute([]);

function ownProperty(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

function isEmpty(map: Readonly<Record<string, string>>): boolean {
  for (const key in map) if (Object.hasOwn(map, key)) return false;
  return true;
}

/** As lookUp, without making the pointers anew. */
function lookUpFirst(map: Readonly<Record<string, string>>, pointers: readonly string[]): string | undefined {
  for (const at of pointers) if (Object.hasOwn(map, at)) return map[at];
  return undefined;
}

function partsBelow(unknown: Readonly<Record<string, string>>, at: string): Readonly<Record<string, string>> {
  let parts: Record<string, string> | null = null;
  for (const key in unknown) {
    if (key.length <= at.length || key[at.length] !== "/" || !key.startsWith(at)) continue;
    parts ??= {};
    parts[key] = unknown[key] ?? "";
  }
  return parts ?? NO_PARTS;
}
