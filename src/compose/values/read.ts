/** Reads values of a model that has been checked: what is not of the expected type, or hangs on a variable, is as if it were not there. */
import { descend, type Entry, type ListNode, type MapNode, type Node, printScalar, type ScalarNode } from "../node.ts";
import type { Span } from "../source.ts";
import { parseBytes } from "./units.ts";

export function mapAt(node: Node | undefined, ...keys: readonly string[]): MapNode | null {
  const found = descend(node, ...keys);
  return found?.kind === "map" ? found : null;
}

export function listAt(node: Node | undefined, ...keys: readonly string[]): readonly Node[] {
  const found: Node | undefined = descend(node, ...keys);
  return found?.kind === "list" ? (found satisfies ListNode).items : [];
}

export function entriesAt(node: Node | undefined, ...keys: readonly string[]): readonly (readonly [string, Entry])[] {
  return [...(mapAt(node, ...keys)?.entries ?? [])];
}

export function scalarAt(node: Node | undefined, ...keys: readonly string[]): ScalarNode | null {
  const found = descend(node, ...keys);
  return found?.kind === "scalar" ? found : null;
}

/** Text, with the variables it hangs on as they were written. */
export function textAt(node: Node | undefined, ...keys: readonly string[]): string | null {
  const value = scalarAt(node, ...keys)?.value;
  return typeof value === "string" ? value : null;
}

export function numberAt(node: Node | undefined, ...keys: readonly string[]): number | null {
  const value = scalarAt(node, ...keys)?.value;
  return typeof value === "number" ? value : null;
}

export function booleanAt(node: Node | undefined, ...keys: readonly string[]): boolean | null {
  const value = scalarAt(node, ...keys)?.value;
  return typeof value === "boolean" ? value : null;
}

/** Bytes; a fraction without a unit counts as none, as it does for Compose. */
export function bytesAt(node: Node | undefined, ...keys: readonly string[]): number | null {
  const found = scalarAt(node, ...keys);
  if (typeof found?.value === "string") return parseBytes(found.value);
  return typeof found?.value === "number" && found.float !== true ? found.value : null;
}

export function textsAt(node: Node | undefined, ...keys: readonly string[]): readonly (ScalarNode & { value: string })[] {
  return listAt(node, ...keys).filter((item): item is ScalarNode & { value: string } => item.kind === "scalar" && typeof item.value === "string");
}

/** One of the pairs that may be written as a map or as a list of KEY=VALUE. */
export interface Pair {
  readonly name: string;
  /** Null for a name without a value. */
  readonly value: string | null;
  readonly at: Span;
  readonly node: ScalarNode;
}

/** The last of several with one name, by name: the order in which they are written says nothing. */
export function pairsAt(node: Node | undefined, ...keys: readonly string[]): readonly Pair[] {
  const found = descend(node, ...keys);
  const pairs = found?.kind === "map" ? [...found.entries].flatMap(fromEntry) : listAt(found).flatMap(fromText);
  return [...new Map(pairs.map((pair) => [pair.name, pair])).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function fromEntry([name, { key, value: node }]: readonly [string, Entry]): Pair[] {
  if (node.kind !== "scalar") return [];
  return [{ name, value: node.value === null ? null : printScalar(node), at: node.value === null ? key : node.at, node }];
}

function fromText(node: Node): Pair[] {
  if (node.kind !== "scalar") return [];
  const text = printScalar(node);
  const at = text.indexOf("=");
  return [{ name: at < 0 ? text : text.slice(0, at), value: at < 0 ? null : text.slice(at + 1), at: node.at, node }];
}
