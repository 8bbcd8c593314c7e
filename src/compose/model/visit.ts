/** Walks a model along rules for paths and replaces values; what no rule speaks for stays as it is. */
import type { Entry, Node } from "../node.ts";
import { enter, enterList, type PathRules } from "../path-rules.ts";

export type Change = (node: Node, path: readonly string[]) => Node;

/** A rule speaks for its value as a whole: nothing below it is visited. */
export function changeAt(node: Node, rules: PathRules<Change> | undefined, path: readonly string[] = []): Node {
  if (rules === undefined) return node;
  if (rules.rule !== undefined) return rules.rule(node, path);
  if (node.kind === "scalar") return node;
  if (node.kind === "list") {
    const below = enterList(rules);
    if (below === undefined) return node;
    const items = node.items.map((item, index) => changeAt(item, below, [...path, String(index)]));
    return items.every((item, index) => item === node.items[index]) ? node : { ...node, items };
  }
  let entries: Map<string, Entry> | null = null;
  for (const [key, entry] of node.entries) {
    const below = enter(rules, key);
    if (below === undefined) continue;
    const value = changeAt(entry.value, below, [...path, key]);
    if (value === entry.value) continue;
    entries ??= new Map(node.entries);
    entries.set(key, { key: entry.key, value });
  }
  return entries === null ? node : { ...node, entries };
}
