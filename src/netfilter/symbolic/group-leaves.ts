/** Leaves of a chain that need not be told apart. */
import { uniteAll } from "../sets/intervals.ts";
import type { ChainState, Leaf, LeafGroup } from "./branch.ts";
import type { Reads } from "./reads.ts";

/** In the order of their first leaves. `reads`: of the chain. */
export function groupLeaves(leaves: readonly Leaf[], reads: Reads): readonly LeafGroup[] {
  const byKey = new Map<string, { readonly change: Partial<ChainState>; readonly leaves: Leaf[] }>();
  const numbers = new Map<unknown, number>();
  const numberOf = (value: unknown): number => numbers.get(value) ?? numbers.set(value, numbers.size).size - 1;
  for (const leaf of leaves) {
    const { exit, assumptions } = leaf;
    const change = changeOf(leaf.state, reads);
    const way = exit.kind === "end" ? exit.end.verdict : exit.kind === "nat" ? String(numberOf(exit.act)) : exit.kind;
    const asked = assumptions.map(({ rule, question, answer }) => `${numberOf(rule)} ${question.text} ${answer}`);
    const key = JSON.stringify([exit.kind, way, change, asked]);
    const group = byKey.get(key);
    if (group === undefined) byKey.set(key, { change, leaves: [leaf] });
    else group.leaves.push(leaf);
  }
  return [...byKey.values()].flatMap(({ change, leaves: alike }): readonly LeafGroup[] => {
    const [first, ...others] = alike;
    if (first === undefined) return [];
    const sources = others.length === 0 ? first.sources : uniteAll(alike.map((leaf) => leaf.sources));
    return [{ exit: first.exit, change, assumptions: first.assumptions, leaves: alike, sources }];
  });
}

/** A chain that writes marks reads them (reads.ts), so that what it does not read it lets be. */
function changeOf({ mark, connectionMark, untracked }: ChainState, { fields }: Reads): Partial<ChainState> {
  return {
    ...(fields.has("mark") ? { mark } : {}),
    ...(fields.has("connectionMark") ? { connectionMark } : {}),
    ...(fields.has("connectionState") ? { untracked } : {}),
  };
}
