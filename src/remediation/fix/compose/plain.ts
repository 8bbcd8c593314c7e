/** Values of a compose project without places, and how they are compared. */
import type { Node } from "../../../compose/index.ts";

export type Scalar = string | number | boolean | null;
export type Plain = Scalar | readonly Plain[] | PlainMap;
export interface PlainMap {
  readonly [key: string]: Plain;
}

export function toPlain(node: Node): Plain {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map(toPlain);
  return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, toPlain(value)]));
}

export function isMap(value: Plain | undefined): value is PlainMap {
  return typeof value === "object" && value !== null && !isList(value);
}

export function isList(value: Plain | undefined): value is readonly Plain[] {
  return Array.isArray(value);
}

/** Whether two values come to the same: the order of a list is of no matter, and what is empty or off is as if it were not there. */
export function isSame(a: Plain | undefined, b: Plain | undefined): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: Plain | undefined): string {
  if (value === undefined || value === null || value === false) return "";
  if (isList(value)) return value.length === 0 ? "" : `[${value.map(canonical).sort().join()}]`;
  if (!isMap(value)) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, inner]) => [key, canonical(inner)] as const).filter(([, inner]) => inner !== "");
  return entries.length === 0 ? "" : `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${inner}`).sort().join()}}`;
}

/** Whether two items of a service's list mean the same to the engine: `CAP_CHOWN` and `chown`, `seccomp:x` and `seccomp=x`. */
export function isSameItem(key: string, a: Plain, b: Plain): boolean {
  return normalize(key, a) === normalize(key, b);
}

function normalize(key: string, item: Plain): string {
  if (typeof item !== "string") return canonical(item);
  if (key === "cap_add" || key === "cap_drop") return item.trim().toUpperCase().replace(/^CAP_/, "");
  if (key !== "security_opt") return item;
  return item === "no-new-privileges" ? "no-new-privileges=true" : item.replace(/[=:]/, "=");
}
