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
  const { names, below } = routeOf(path);
  const at = view.at + below;
  const unknown = lookUp(view.unknown, at) ?? null;
  let value: unknown = view.value;
  for (const name of names) value = ownProperty(value, name);
  return { at, value: unknown === null ? value : null, unknown, unknownParts: partsBelow(view.unknown, at) };
}

interface Route {
  readonly names: readonly string[];
  /** The same as a JSON pointer. */
  readonly below: string;
}

const HERE: Route = { names: [], below: "" };
/** Paths stand in policies: a few hundred, each read once for every resource. */
const routes = new Map<string, Route>();

function routeOf(path: string | undefined): Route {
  if (path === undefined) return HERE;
  const known = routes.get(path);
  if (known !== undefined) return known;
  const names = path.split(".");
  const route = { names, below: pointer(names) };
  routes.set(path, route);
  return route;
}

function ownProperty(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

/** By the resource's record of what is unknown, which stays as it is while it is judged: by pointer, the parts below. */
const indexes = new WeakMap<Readonly<Record<string, string>>, ReadonlyMap<string, Readonly<Record<string, string>>>>();

function partsBelow(unknown: Readonly<Record<string, string>>, at: string): Readonly<Record<string, string>> {
  let index = indexes.get(unknown);
  if (index === undefined) indexes.set(unknown, index = indexParts(unknown));
  return index.get(at) ?? NO_PARTS;
}

function indexParts(unknown: Readonly<Record<string, string>>): Map<string, Record<string, string>> {
  const index = new Map<string, Record<string, string>>();
  for (const [key, reason] of Object.entries(unknown)) {
    for (let at = parentOf(key); at !== null; at = parentOf(at)) {
      const parts = index.get(at) ?? {};
      parts[key] = reason;
      index.set(at, parts);
    }
  }
  return index;
}

function parentOf(at: string): string | null {
  return at === "" ? null : at.slice(0, at.lastIndexOf("/"));
}
