/** Edits of daemon.json that leave every other byte as it stands. */
import { findNodeAtLocation, type Node, parseTree } from "jsonc-parser";

export type Merged = { readonly text: string } | { readonly fault: string };

/** The text with the keys set. `text` null or blank: a new file. Maps are merged key by key, other values replaced. */
export function mergeDaemonJson(text: string | null, values: Readonly<Record<string, unknown>>): Merged {
  const present = isBlank(text) ? "{}\n" : text;
  const fault = findFault(present, Object.keys(values));
  if (fault !== null) return { fault };
  return { text: listEdits([], values).reduce((merged, [path, value]) => setValue(merged, path, value), present) };
}

/** The value of a top-level key as JSON text, null if it is not there. The text must be JSON. */
export function readKey(text: string | null, key: string): string | null {
  if (isBlank(text)) return null;
  const document = JSON.parse(text) as Record<string, unknown>;
  return Object.hasOwn(document, key) ? JSON.stringify(document[key]) : null;
}

function isBlank(text: string | null): text is null {
  return text === null || text.trim() === "";
}

/** The engine takes strict JSON, and of a key that stands twice the last: an edit of the first would change nothing. */
function findFault(text: string, keys: readonly string[]): string | null {
  try {
    JSON.parse(text);
  } catch (error) {
    return `it is not JSON (${error instanceof Error ? error.message : String(error)}), so the engine would not start with it`;
  }
  const root = parseTree(text);
  if (root?.type !== "object") return "it holds no JSON object";
  const names = (root.children ?? []).map((property): unknown => property.children?.[0]?.value);
  const twice = keys.find((key) => names.filter((name) => name === key).length > 1);
  return twice === undefined ? null : `it has the key ${JSON.stringify(twice)} twice`;
}

type Edit = readonly [path: string[], value: unknown];

function listEdits(path: readonly string[], value: unknown): Edit[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[[...path], value]];
  return Object.entries(value).flatMap(([key, inner]) => listEdits([...path, key], inner));
}

function setValue(text: string, path: readonly string[], value: unknown): string {
  const root = parseTree(text);
  return root === undefined ? text : setWithin(text, root, path, value);
}

/** jsonc-parser's own edits reformat what stands beside them, so only its tree is used. */
function setWithin(text: string, map: Node, [key = "", ...rest]: readonly string[], value: unknown): string {
  const present = findNodeAtLocation(map, [key]);
  if (present?.type === "object" && rest.length > 0) return setWithin(text, present, rest, value);
  const whole = rest.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
  if (present === undefined) return insertProperty(text, map, `${JSON.stringify(key)}: ${JSON.stringify(whole)}`);
  return splice(text, present.offset, present.length, JSON.stringify(whole));
}

/** Behind the last property, set off as that is from what stands before it; the first of a map on a line of its own. */
function insertProperty(text: string, map: Node, property: string): string {
  const last = map.children?.at(-1);
  if (last !== undefined) {
    const [before = ""] = /\s*$/.exec(text.slice(0, last.offset)) ?? [];
    return splice(text, last.offset + last.length, 0, `,${before}${property}`);
  }
  const [indent = ""] = /^[\t ]*/.exec(text.slice(text.lastIndexOf("\n", map.offset) + 1)) ?? [];
  return splice(text, map.offset, map.length, `{\n${indent}  ${property}\n${indent}}`);
}

function splice(text: string, offset: number, length: number, insertion: string): string {
  return text.slice(0, offset) + insertion + text.slice(offset + length);
}
