/** Lists and maps that Compose takes for each other while it merges (compose-go, override/merge.go). */
import type { HardenError } from "../../errors.ts";
import { faultAt } from "../fault.ts";
import { describeKind, type Entry, equalNodes, listNode, mapNode, type MapNode, type Node, printScalar, relate, scalarNode } from "../node.ts";
import { printPath } from "../path-rules.ts";

/** A map as sorted `KEY=VALUE` texts, a text as a list of one; nothing as an empty list. */
export function toItems(node: Node): readonly Node[] {
  if (node.kind === "list") return node.items;
  if (node.kind === "scalar") return typeof node.value === "string" ? [node] : [];
  return [...node.entries].flatMap(([key, entry]) => toPairs(key, entry)).sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
}

function toPairs(key: string, { key: keyAt, value }: Entry): Node[] {
  if (value.kind === "list") return value.items.flatMap((item) => toPairs(key, { key: keyAt, value: item }));
  // Merged, a map among the values becomes text, which the shape then allows.
  if (value.kind === "map") return [{ ...scalarNode(`${key}=${printNode(value)}`, value.at), ...related(value) }];
  if (value.value === null) return [{ ...scalarNode(key, keyAt), ...related(value) }];
  const pair = { ...scalarNode(`${key}=${printScalar(value)}`, value.at), ...related(value) };
  return [value.unknown === undefined ? pair : { ...pair, unknown: value.unknown }];
}

/** Go's `%v`. */
function printNode(node: Node): string {
  if (node.kind === "scalar") return printScalar(node);
  if (node.kind === "list") return `[${node.items.map(printNode).join(" ")}]`;
  const entries = [...node.entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([key, { value }]) => `${key}:${printNode(value)}`).join(" ")}]`;
}

function related({ related: places }: Node): { related?: NonNullable<Node["related"]> } {
  return places === undefined ? {} : { related: places };
}

/** A list of names, or one name, as a map whose values are made by `fill`; nothing as an empty map. */
export function toMap(node: Node, path: readonly string[], fill: (name: Node) => Node): MapNode {
  if (node.kind === "map") return node;
  if (node.kind === "scalar" && node.value === null) return mapNode(new Map(), node.at);
  const entries = new Map<string, Entry>();
  for (const name of node.kind === "list" ? node.items : [node]) {
    if (name.kind !== "scalar" || typeof name.value !== "string") throw refuse(name, path);
    entries.set(name.value, { key: name.at, value: { ...fill(name), ...related(name) } });
  }
  return mapNode(entries, node.at);
}

function refuse(name: Node, path: readonly string[]): HardenError {
  return faultAt(name.at, `${printPath(path)} takes names, not ${describeKind(name)}`);
}

/** Without the items of `added` that the list has already: those remember that they stand there too. */
export function appendItems(base: readonly Node[], added: readonly Node[]): readonly Node[] {
  const items = [...base];
  for (const item of added) {
    const index = items.findIndex((known) => equalNodes(known, item));
    const known = items[index];
    if (known === undefined) items.push(item);
    else if (known.at !== item.at) items[index] = relate(known, item.at);
  }
  return items;
}

export function joinLists(base: Node, items: readonly Node[]): Node {
  return { ...listNode(items, base.at), ...related(base) };
}

function textOf(node: Node): string {
  return node.kind === "scalar" ? String(node.value) : "";
}
