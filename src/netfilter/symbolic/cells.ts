/** The ways through a chain, found by a source without a look at all others. */
import { uniteAll } from "../sets/intervals.ts";
import type { Sources, Summary, SummaryLeaf } from "./branch.ts";

/** Leaves with one exit, change and assumptions. */
export interface LeafGroup extends Pick<SummaryLeaf, "exit" | "change" | "assumptions"> {
  readonly sources: Sources;
  readonly leaves: readonly SummaryLeaf[];
}

/** Sources for which the same ways are open. */
export interface Cell {
  readonly sources: Sources;
  readonly groups: readonly LeafGroup[];
}

/** Gives the cell of a source; a summary speaks of all of them. */
export type CellFinder = (source: bigint) => Cell | null;

/** In one pass over the bounds of all groups. */
export function findCells(summary: Summary): CellFinder {
  const groups = groupLeaves(summary);
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

/** Whatever the rule: three thousand drops are one way to go. */
function groupLeaves(summary: Summary): readonly LeafGroup[] {
  const byKey = new Map<string, SummaryLeaf[]>();
  const objects = new Map<unknown, number>();
  const number = (value: unknown): number => objects.get(value) ?? objects.set(value, objects.size).size - 1;
  for (const leaf of summary.leaves) {
    const { exit, change, assumptions } = leaf;
    const way = exit.kind === "end" ? exit.end.verdict : exit.kind === "nat" ? String(number(exit.act)) : exit.kind;
    const asked = assumptions.map(({ rule, question, answer }) => `${number(rule)} ${question.text} ${answer}`);
    const key = JSON.stringify([exit.kind, way, change, asked]);
    const group = byKey.get(key);
    if (group === undefined) byKey.set(key, [leaf]);
    else group.push(leaf);
  }
  return [...byKey.values()].flatMap((leaves): readonly LeafGroup[] => {
    const [first] = leaves;
    if (first === undefined) return [];
    return [{ exit: first.exit, change: first.change, assumptions: first.assumptions, leaves, sources: uniteAll(leaves.map(({ sources }) => sources)) }];
  });
}
