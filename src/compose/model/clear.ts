/** Carries out `!reset` and `!override`: what an earlier file set at these paths is taken away. */
import { type Entry, type MapNode, type Node, withoutKey } from "../node.ts";
import type { KeyPath } from "../yaml/read.ts";

export function clearPaths(model: MapNode, paths: readonly KeyPath[]): MapNode {
  return paths.reduce((current, path) => clearPath(current, path), model);
}

/** Single items of a list cannot be taken away: Compose itself ignores that. */
function clearPath(map: MapNode, [key, ...rest]: KeyPath): MapNode {
  if (key === undefined) return map;
  if (rest.length === 0) return withoutKey(map, key);
  const entry = map.entries.get(key);
  if (entry?.value.kind !== "map") return map;
  const value: Node = clearPath(entry.value, rest);
  return value === entry.value ? map : { ...map, entries: new Map<string, Entry>(map.entries).set(key, { key: entry.key, value }) };
}
