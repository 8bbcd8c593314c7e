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
    const aliases = [...new Set([map.related?.at(-1), merged.related?.at(-1)])].filter((alias) => alias !== undefined);
    for (const [key, { key: at, value }] of map.entries) {
      if (!entries.has(key)) entries.set(key, { key: at, value: aliases.reduce(relate, value) });
    }
  }
}
