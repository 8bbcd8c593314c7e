/** The ways through a chain, found by a source without a look at all others. */
import { contains, intersect, subtract } from "../sets/intervals.ts";
import type { LeafGroup, Sources, Summary } from "./branch.ts";

/** Sources for which the same ways are open. */
export interface Cell {
  readonly sources: Sources;
  readonly groups: readonly LeafGroup[];
}

/** Gives the cell of a source; a summary speaks of all of them. */
export type CellFinder = (source: bigint) => Cell | null;

/** Fewer are looked at one by one. */
const worthwhile = 8;

export function findCells({ groups }: Summary): CellFinder {
  return groups.length < worthwhile ? (source) => cellAmong(groups, source) : sortCells(groups);
}

function cellAmong(groups: readonly LeafGroup[], source: bigint): Cell | null {
  const [first, ...others] = groups.filter(({ sources }) => contains(sources, source));
  if (first === undefined) return null;
  const shared = others.reduce((sources, group) => intersect(sources, group.sources), first.sources);
  const alone = groups.filter(({ sources }) => !contains(sources, source)).reduce((sources, group) => subtract(sources, group.sources), shared);
  return { sources: alone, groups: [first, ...others] };
}

/** In one pass over the bounds of all groups. */
function sortCells(groups: readonly LeafGroup[]): CellFinder {
  const edges = groups.flatMap(({ sources }, group) => sources.map((bound, index) => ({ bound, group, opens: index % 2 === 0 })));
  edges.sort((a, b) => (a.bound < b.bound ? -1 : a.bound > b.bound ? 1 : 0));
  const starts: bigint[] = [];
  const cells: (Growing | null)[] = [];
  const byGroups = new Map<string, Growing>();
  const active = new Set<number>();
  for (const [index, { bound, group, opens }] of edges.entries()) {
    if (opens) active.add(group);
    else active.delete(group);
    const next = edges[index + 1]?.bound;
    if (next === bound) continue;
    starts.push(bound);
    const key = [...active].sort((a, b) => a - b).join();
    const cell = byGroups.get(key) ?? { sources: [], groups: groups.filter((_, number) => active.has(number)) };
    if (next === undefined || key === "") {
      cells.push(null);
      continue;
    }
    byGroups.set(key, cell);
    if (cell.sources.at(-1) === bound) cell.sources.pop();
    else cell.sources.push(bound);
    cell.sources.push(next);
    cells.push(cell);
  }
  return (source) => cells[lastUpTo(starts, source)] ?? null;
}

interface Growing extends Cell {
  readonly sources: bigint[];
}

/** Index of the last of the sorted values that is not above; -1 for none. */
function lastUpTo(values: readonly bigint[], value: bigint): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0n) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
