/** What becomes of a packet, for each source that it may come from. */
import type { Firewall } from "../firewall/model.ts";
import { bigintRange, type Intervals, intersect } from "../sets/intervals.ts";
import type { Packet } from "../walk/packet.ts";
import type { Prepared } from "../walk/prepare.ts";
import { walkPacket, type Walk, type WalkOptions } from "../walk/walk.ts";
import { listFieldTests } from "./tests-of.ts";

/** Sources that no rule tells apart, and the walk of a packet from one of them. */
export interface SourceClass {
  readonly sources: Intervals<bigint>;
  readonly witness: Packet;
  readonly walk: Walk;
}

/**
 * The sources in `space` are cut at every bound of every set of sources in the rules; one packet of each class is walked, so that the answer holds
 * for all of it. What routing thinks of a source is judged by that one packet: where the packet's own source lies in a class, it is the one.
 */
export function askSources(prepared: Prepared, packet: Packet, space: Intervals<bigint>, options: WalkOptions): SourceClass[] {
  const { family, value } = packet.source;
  return cutSources(prepared.firewall, family, space).map((sources) => {
    const [from = 0n, to = 0n] = sources;
    const witness = value >= from && value < to ? packet : { ...packet, source: { family, value: from } };
    return { sources, witness, walk: walkPacket(prepared, witness, options) };
  });
}

function cutSources(firewall: Firewall, family: 4 | 6, space: Intervals<bigint>): Intervals<bigint>[] {
  const bounds = listBounds(firewall, family);
  const classes: Intervals<bigint>[] = [];
  for (let index = 0; index < space.length; index += 2) {
    const [from = 0n, to = 0n] = [space[index], space[index + 1]];
    const inside = bounds.filter((bound) => bound > from && bound < to);
    const edges = [from, ...inside, to];
    for (let edge = 0; edge + 1 < edges.length; edge++) classes.push(intersect(space, bigintRange(edges[edge] ?? 0n, (edges[edge + 1] ?? 1n) - 1n)));
  }
  return classes;
}

const known = new WeakMap<Firewall, Map<4 | 6, readonly bigint[]>>();

function listBounds(firewall: Firewall, family: 4 | 6): readonly bigint[] {
  const byFamily = known.get(firewall) ?? new Map<4 | 6, readonly bigint[]>();
  known.set(firewall, byFamily);
  const before = byFamily.get(family);
  if (before !== undefined) return before;
  const found = new Set<bigint>();
  for (const test of listFieldTests(firewall)) {
    if (test.kind === "address" && test.family === family && (test.field === "source" || test.field === "originalSource")) for (const bound of test.set) found.add(bound);
  }
  const sorted = [...found].sort((a, b) => (a < b ? -1 : 1));
  byFamily.set(family, sorted);
  return sorted;
}
