/** Membership in the sets of ipset, as their contents were printed. */
import type { Test } from "../../firewall/tests.ts";
import type { IpSet } from "../../ipset.ts";
import type { SetMatch } from "../../matches.ts";
import { uniteAll, subtract, unite, type Intervals } from "../../sets/intervals.ts";
import type { SetReader } from "../iptables/surroundings.ts";
import { allOf, anyOf } from "../tests.ts";
import { addressesOf, type Direction, dimensionTest } from "./dimensions.ts";

/** Null: the contents of the sets are not known. */
export function readSets(sets: readonly IpSet[] | null): SetReader {
  const known = new Map((sets ?? []).map((set) => [set.name, set]));
  return (match, family) => membership(known, match, family, 0);
}

/** The kernel allows no list in a list. */
const deepest = 1;

function membership(known: ReadonlyMap<string, IpSet>, match: Pick<SetMatch, "set" | "directions" | "returnNomatch">, family: 4 | 6, depth: number): Test | null {
  const set = known.get(match.set);
  if (set === undefined || match.returnNomatch || depth > deepest) return null;
  if (set.type === "list:set") {
    const tests = set.members.map(({ entry }) => membership(known, { ...match, set: entry }, family, depth + 1));
    return tests.includes(null) ? null : anyOf(tests.filter((test) => test !== null));
  }
  if (set.family !== null && set.family !== family) return anyOf([]);
  const dimensions = set.type.split(":")[1]?.split(",") ?? [];
  // A rule with fewer directions than the set has dimensions never matches.
  if (match.directions.length < dimensions.length) return anyOf([]);
  if (dimensions.length === 1 && (dimensions[0] === "ip" || dimensions[0] === "net")) return addressMembership(set, match.directions[0] ?? "src", family);
  return rowMembership(set, dimensions, match.directions, family);
}

/** `nomatch` entries are exceptions from wider ones: the longest prefix decides. */
function addressMembership(set: IpSet, direction: Direction, family: 4 | 6): Test | null {
  const members = set.members.map(({ entry, nomatch }) => ({ nomatch, addresses: addressesOf(entry, family, set.mask) }));
  if (members.some(({ addresses }) => addresses === null)) return null;
  const field = direction === "src" ? "source" : "destination";
  if (!members.some(({ nomatch }) => nomatch)) return { kind: "address", field, family, set: uniteAll(members.map(({ addresses }) => addresses ?? [])) };
  const widest = members.map(({ addresses, ...member }) => ({ ...member, addresses: addresses ?? [] })).sort((a, b) => compareSizes(b.addresses, a.addresses));
  const found = widest.reduce<Intervals<bigint>>((rest, { addresses, nomatch }) => (nomatch ? subtract(rest, addresses) : unite(rest, addresses)), []);
  return { kind: "address", field, family, set: found };
}

function compareSizes(a: Intervals<bigint>, b: Intervals<bigint>): number {
  const size = ([from = 0n, to = 0n]: Intervals<bigint>): bigint => to - from;
  return size(a) < size(b) ? -1 : size(a) > size(b) ? 1 : 0;
}

function rowMembership(set: IpSet, dimensions: readonly string[], directions: readonly Direction[], family: 4 | 6): Test | null {
  if (set.members.some(({ nomatch }) => nomatch)) return null;
  const rows = set.members.map(({ entry }) => {
    const parts = entry.split(",");
    if (parts.length !== dimensions.length) return null;
    const tests = parts.map((part, index) => dimensionTest(dimensions[index] ?? "", part, directions[index] ?? "src", family, set.mask));
    return tests.includes(null) ? null : allOf(tests.filter((test) => test !== null));
  });
  return rows.includes(null) ? null : anyOf(rows.filter((row) => row !== null));
}
