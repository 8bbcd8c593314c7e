/** Whether a project that was edited differs from what it was only as its fixes say. */
import { equalNodes, type MapNode, type Node } from "../../../compose/index.ts";
import type { Mismatch } from "../model.ts";
import { applyChanges, type Change } from "./changes.ts";
import { isList, isMap, isSame, type Plain } from "./plain.ts";
import { plainOf } from "./propose.ts";

/** What is done to one group by one policy's fixes. */
export interface Effect {
  readonly group: string;
  readonly policy: string;
  readonly changes: ReadonlyMap<string, Change>;
}

export interface Comparison {
  readonly before: MapNode;
  readonly after: MapNode;
  readonly made: readonly Effect[];
  /** What other fixes would do: done along, it is welcome. */
  readonly open: readonly Effect[];
}

export function compareModels(comparison: Comparison): Mismatch[] {
  const { before, after, made } = comparison;
  const [madeByGroup, openByGroup] = [byGroup(made), byGroup(comparison.open)];
  const joinsNetwork = made.some(({ changes }) => changes.has("network_mode"));
  return union(before.entries, after.entries).flatMap((section): Mismatch[] => {
    const [was, is] = [before.entries.get(section)?.value, after.entries.get(section)?.value];
    if (was?.kind === "map" && is?.kind === "map" && (section === "services" || section === "jobs")) {
      return union(was.entries, is.entries).flatMap((name) => {
        const group = `${section}/${name}`;
        const [a, b] = [was.entries.get(name)?.value, is.entries.get(name)?.value];
        return compareGroup({ group, was: a, is: b, made: madeByGroup.get(group) ?? [], open: openByGroup.get(group) ?? [] });
      });
    }
    // Without a mode of its own a service joins the project's default network, which is then there.
    const same = was !== undefined && is !== undefined && equalNodes(was, is);
    return same || (section === "networks" && joinsNetwork) ? [] : [{ group: null, reason: `it would also change ${section}` }];
  });
}

interface GroupComparison {
  readonly group: string;
  readonly was: Node | undefined;
  readonly is: Node | undefined;
  readonly made: readonly Effect[];
  readonly open: readonly Effect[];
}

function compareGroup({ group, was, is, made, open }: GroupComparison): Mismatch[] {
  const other: Mismatch = { group: made.length === 0 ? null : group, reason: `it would also change ${group.slice(group.indexOf("/") + 1)}` };
  if (was?.kind !== "map" || is?.kind !== "map") return was !== undefined && is !== undefined && equalNodes(was, is) ? [] : [other];
  if (made.length === 0 && equalNodes(was, is)) return [];
  const policies = [...new Set(open.map(({ policy }) => policy))];
  return union(was.entries, is.entries, new Map(made.flatMap(({ changes }) => [...changes]))).flatMap((key): Mismatch[] => {
    const [a, b] = [plainOf(was, key), plainOf(is, key)];
    const changes = changesOf(made, key);
    if (isSame(b, applyChanges(key, a, changes))) return [];
    if (key === "networks" && made.some((effect) => effect.changes.has("network_mode"))) return [];
    if (key === "pre_start" && changes.length === 0 && follow(a, b, made)) return [];
    if (changes.length > 0) return [{ group, reason: "no edit of its own text would do" }];
    const welcome = policies.some((policy) => isSame(b, applyChanges(key, a, changesOf(open.filter((effect) => effect.policy === policy), key))));
    return welcome ? [] : [other];
  });
}

/** A pre_start container has what its service has and it does not set itself: what is done to the one may be done to the other. */
function follow(before: Plain | undefined, after: Plain | undefined, made: readonly Effect[]): boolean {
  if (!isList(before) || !isList(after) || before.length !== after.length) return false;
  return before.every((was, index) => {
    const is = after[index];
    if (!isMap(was) || !isMap(is)) return isSame(was, is);
    return Object.keys({ ...was, ...is }).every((key) => isSame(was[key], is[key]) || isSame(is[key], applyChanges(key, was[key], changesOf(made, key))));
  });
}

function changesOf(effects: readonly Effect[], key: string): Change[] {
  return effects.flatMap(({ changes }) => changes.get(key) ?? []);
}

function byGroup(effects: readonly Effect[]): Map<string, Effect[]> {
  const groups = new Map<string, Effect[]>();
  for (const effect of effects) groups.set(effect.group, [...(groups.get(effect.group) ?? []), effect]);
  return groups;
}

function union(...maps: readonly ReadonlyMap<string, unknown>[]): string[] {
  return [...new Set(maps.flatMap((map) => [...map.keys()]))];
}
