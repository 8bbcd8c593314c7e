/** Routes of a network by their prefixes: packets by the hundred thousand are looked up in routes by the hundred. */
import { addressBits } from "../addresses.ts";
import { contains } from "./prefixes.ts";
import type { NetworkState, Route } from "./model.ts";

/** Routes whose prefixes are equally long, by the bits of the prefix. */
interface Level {
  readonly rest: bigint;
  readonly byPrefix: ReadonlyMap<bigint, readonly Route[]>;
}

const indexes = new WeakMap<NetworkState, Map<string, readonly Level[]>>();

/** The routes of these tables by which a packet may go, the one that the kernel takes first in front. Of one prefix the first table's come first. */
export function listCandidates(network: NetworkState, tables: readonly string[], { family, source, destination }: { family: 4 | 6; source: bigint; destination: bigint }): Route[] {
  return levelsOf(network, tables, family).flatMap(({ rest, byPrefix }) =>
    (byPrefix.get(destination >> rest) ?? []).filter((route) => route.source === null || contains(route.source, source, family)));
}

function levelsOf(network: NetworkState, tables: readonly string[], family: 4 | 6): readonly Level[] {
  const known = indexes.get(network) ?? new Map<string, readonly Level[]>();
  indexes.set(network, known);
  const key = [String(family), ...tables].join(" ");
  const levels = known.get(key) ?? buildLevels(network, tables, family);
  known.set(key, levels);
  return levels;
}

/** What asks for a TOS is left out: packets here have none. */
function buildLevels({ routes }: NetworkState, tables: readonly string[], family: 4 | 6): Level[] {
  const concerned = routes.filter((route) => route.family === family && tables.includes(route.table) && route.tos === 0);
  concerned.sort((a, b) => (b.source?.length ?? 0) - (a.source?.length ?? 0) || tables.indexOf(a.table) - tables.indexOf(b.table) || a.metric - b.metric);
  const byLength = Map.groupBy(concerned, ({ destination }) => destination.length);
  return [...byLength].sort(([a], [b]) => b - a).map(([length, equallyLong]) => {
    const rest = BigInt(addressBits(family) - length);
    return { rest, byPrefix: Map.groupBy(equallyLong, ({ destination }) => destination.address >> rest) };
  });
}
