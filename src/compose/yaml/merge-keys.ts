/** YAML's merge key `<<`. */
import type { HardenError } from "../../errors.ts";
import { faultAt } from "../fault.ts";
import { describeKind, type Entry, type Node, relate } from "../node.ts";

/** Adds what a `<<` names, a map or a list of maps, wherever the map has no such key itself: of several the first wins. */
export function mergeInto(entries: Map<string, Entry>, merged: Node, faults: HardenError[]): void {
  for (const map of merged.kind === "list" ? merged.items : [merged]) {
    if (map.kind !== "map") {
      faults.push(faultAt(map.at, `<< takes a map or a list of maps, not ${describeKind(map)}`));
      continue;
    }
    for (const [key, entry] of map.entries) {
      if (!entries.has(key)) entries.set(key, throughAlias(entry, map));
    }
  }
}

/** The place of the alias that brought the map, at each of its values. */
function throughAlias(entry: Entry, map: Node): Entry {
  const alias = map.related?.at(-1);
  return alias === undefined ? entry : { key: entry.key, value: relate(entry.value, alias) };
}
