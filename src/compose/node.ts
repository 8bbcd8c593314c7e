/**
 * The value tree of a compose project: maps, lists and scalars, each of which knows the place that set it. Nodes are never changed:
 * merging makes new ones, and an alias shares what its anchor holds.
 */
import type { Span } from "./source.ts";

export type Scalar = string | number | boolean | null;

interface Placed {
  readonly at: Span;
  /** Other places that had a part in it: the value that lost a merge, the alias, `extends` or `include` that brought it here. */
  readonly related?: readonly Span[];
}

export interface ScalarNode extends Placed {
  readonly kind: "scalar";
  readonly value: Scalar;
  /** A number written as one with a fraction or an exponent: Compose takes it for no integer where it counts. */
  readonly float?: true;
  /** A number as it is printed where JavaScript would print it otherwise. */
  readonly printed?: string;
  /** Variables without a value and without a default that the value hangs on. The value then holds them as they were written. */
  readonly unknown?: readonly string[];
}

export interface ListNode extends Placed {
  readonly kind: "list";
  readonly items: readonly Node[];
}

export interface Entry {
  readonly key: Span;
  readonly value: Node;
}

export interface MapNode extends Placed {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, Entry>;
}

export type Node = ScalarNode | ListNode | MapNode;

export function scalarNode(value: Scalar, at: Span): ScalarNode {
  return { kind: "scalar", value, at };
}

export function listNode(items: readonly Node[], at: Span): ListNode {
  return { kind: "list", items, at };
}

export function mapNode(entries: ReadonlyMap<string, Entry>, at: Span): MapNode {
  return { kind: "map", entries, at };
}

/** A map with some entries added or replaced. */
export function withEntries(map: MapNode, changes: Iterable<readonly [string, Entry]>): MapNode {
  const entries = new Map(map.entries);
  for (const [key, entry] of changes) entries.set(key, entry);
  return { ...map, entries };
}

export function withoutKey(map: MapNode, key: string): MapNode {
  if (!map.entries.has(key)) return map;
  const entries = new Map(map.entries);
  entries.delete(key);
  return { ...map, entries };
}

/** The node with one more related place. */
export function relate<N extends Node>(node: N, place: Span): N {
  return { ...node, related: [...(node.related ?? []), place] };
}

/** A map whose values have one more related place each: they came from there, whatever is merged over them. */
export function relateValues(map: MapNode, place: Span): MapNode {
  return { ...map, entries: new Map([...map.entries].map(([key, entry]) => [key, { key: entry.key, value: relate(entry.value, place) }])) };
}

/** The value of a key of a map; undefined where there is none. */
export function child(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === "map" ? node.entries.get(key)?.value : undefined;
}

/** The value at a path of keys. */
export function descend(node: Node | undefined, ...keys: readonly string[]): Node | undefined {
  let current = node;
  for (const key of keys) current = child(current, key);
  return current;
}

export function isNull(node: Node | undefined): boolean {
  return node?.kind === "scalar" && node.value === null;
}

/** The variables that a value hangs on, its parts included. */
export function unknownsOf(node: Node | undefined): readonly string[] {
  if (node === undefined) return [];
  switch (node.kind) {
    case "scalar":
      return node.unknown ?? [];
    case "list":
      return [...new Set(node.items.flatMap(unknownsOf))];
    case "map":
      return [...new Set([...node.entries.values()].flatMap(({ value }) => unknownsOf(value)))];
  }
}

/** Whether two values are the same, wherever they stand. */
export function equalNodes(a: Node, b: Node): boolean {
  if (a === b) return true;
  if (a.kind === "scalar") return b.kind === "scalar" && a.value === b.value && a.float === b.float;
  if (a.kind === "list") {
    return b.kind === "list" && a.items.length === b.items.length && a.items.every((item, index) => equalNodes(item, b.items[index] ?? item));
  }
  if (b.kind !== "map" || a.entries.size !== b.entries.size) return false;
  for (const [key, { value }] of a.entries) {
    const other = b.entries.get(key);
    if (other === undefined || !equalNodes(value, other.value)) return false;
  }
  return true;
}

/** How Go prints a scalar in a text (`%v`): what Compose makes of a number among KEY=VALUE pairs. */
export function printScalar(node: ScalarNode): string {
  if (node.printed !== undefined) return node.printed;
  return node.value === null ? "<nil>" : String(node.value);
}

/** What a value is called in a message. */
export function describeKind(node: Node): string {
  if (node.kind !== "scalar") return `a ${node.kind}`;
  if (node.value === null) return "nothing";
  if (typeof node.value === "string") return "text";
  return typeof node.value === "number" ? "a number" : "a boolean";
}
