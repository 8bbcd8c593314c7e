/** What becomes of a packet from every source: everything about it is fixed but the address that it comes from. */
import { addressBits } from "../addresses.ts";
import { contains, intersect, type Intervals, subtract, uniteAll } from "../sets/intervals.ts";
import type { Chain, Rule } from "../firewall/model.ts";
import type { Fate } from "../walk/flow-ends.ts";
import type { Flow } from "../walk/flow.ts";
import type { Packet } from "../walk/packet.ts";
import type { PlacedChain, Prepared } from "../walk/prepare.ts";
import { type Question, walkPacketBy, type WalkOptions } from "../walk/walk.ts";
import type { AskedLimit, LeafGroup, Sources, Summary } from "./branch.ts";
import { classFinder, type ClassFinder } from "./classes.ts";
import type { CellFinder } from "./cells.ts";
import { type ChainFollower, followChain } from "./follow-chain.ts";
import { openRegion, watchNetwork } from "./region.ts";
import type { SourceClass } from "./split.ts";
import { limitsWithin } from "./summarise.ts";

/** What is computed once for many packets. One for a rule set, a network and a scenario. */
export interface Symbolic {
  readonly prepared: Prepared;
  readonly network: WalkOptions["network"];
  readonly scenario: WalkOptions["scenario"];
  readonly cache: Map<Chain, Map<string, Summary>>;
  readonly cells: WeakMap<Summary, CellFinder>;
  readonly classes: ClassFinder | null;
}

export type ManySources = Omit<Packet, "source"> & { readonly family: 4 | 6 };

/** Sources that fare alike. */
export interface SourceFate {
  readonly sources: Sources;
  readonly fate: Fate;
  /** One of them: the plain walk of a packet from it comes to the same fate, and tells its way. */
  readonly witness: bigint;
  readonly questions: readonly Question[];
  /** Each base chain on the way and the rules that decide there, with the sources for which they do; a rule is null at the end of a chain. */
  readonly listDecisions: () => readonly Decision[];
  /** Limits that are asked of some of them. */
  readonly listLimits: () => readonly AskedLimit[];
}

export interface Decision {
  readonly placed: PlacedChain;
  readonly rule: Rule | null;
  readonly sources: Sources;
}

export function openSymbolic(prepared: Prepared, { network, scenario }: Pick<WalkOptions, "network" | "scenario">): Symbolic {
  return { prepared, network, scenario, cache: new Map(), cells: new WeakMap(), classes: network === null ? null : classFinder(network) };
}

/**
 * Parts `space` (all addresses unless given) by what becomes of a packet from there. `connection` as in the plain walk, but only by name. Throws
 * `RulesetError` where chains lie too deep in each other.
 */
export function partitionSources(
  symbolic: Symbolic, packet: ManySources, { connection = null, space = allOf(packet.family) }: { readonly connection?: "NEW" | "ESTABLISHED" | "RELATED" | "INVALID" | "UNTRACKED" | null; readonly space?: Sources } = {},
): readonly SourceFate[] {
  const found: Found[] = [];
  let left = space;
  for (let [first] = left; first !== undefined; [first] = left) {
    const one = followSource(symbolic, packet, connection, first, left);
    found.push(one);
    left = subtract(left, one.sources);
  }
  return mergeAlike(found);
}

interface Found {
  readonly sources: Sources;
  readonly fate: Fate;
  readonly witness: bigint;
  readonly questions: readonly Question[];
  readonly ways: readonly { readonly placed: PlacedChain; readonly group: LeafGroup }[];
  readonly summaries: ReadonlySet<Summary>;
}

function followSource(symbolic: Symbolic, packet: ManySources, connection: WalkOptions["connection"], source: bigint, left: Sources): Found {
  const { prepared, network, scenario, cache, cells } = symbolic;
  const region = openRegion(source, left);
  const ways: { readonly placed: PlacedChain; readonly group: LeafGroup }[] = [];
  const summaries = new Set<Summary>();
  const follower: ChainFollower = {
    region, cache, cells,
    space: allOf(packet.family),
    classesOf: (flow) => classesOf(symbolic, flow),
    onSummary: (summary) => { summaries.add(summary); },
    onDecided: (placed, group) => { ways.push({ placed, group }); },
  };
  // Where the classes are not known the source stands for itself alone.
  const narrowByRouting = (flow: Flow): void => {
    const own = classesOf(symbolic, flow).find(({ sources }) => contains(sources, source));
    region.narrow(own?.sources ?? [source, source + 1n]);
  };
  const { verdict, delivered, to, out, reason, questions } = walkPacketBy(
    {
      walkChain: (run, placed) => followChain(run, placed, follower),
      onSource: region.narrow,
      openNetwork: (flow) => (network === null ? null : watchNetwork(network, source, () => { narrowByRouting(flow); })),
    },
    prepared, { ...packet, source: { family: packet.family, value: source } }, { network, connection, scenario },
  );
  return { sources: region.sources(), fate: { verdict, delivered, to, out, reason }, witness: source, questions, ways, summaries };
}

function classesOf({ classes }: Symbolic, { family, in: iif, out, destination, mark }: Flow): readonly SourceClass[] {
  if (classes === null || iif === "unknown" || destination === "unknown") return [];
  return classes({ family, in: iif, out: out === "unknown" ? "" : out, destination, mark });
}

function allOf(family: 4 | 6): Intervals<bigint> {
  return [0n, 1n << BigInt(addressBits(family))];
}

function mergeAlike(found: readonly Found[]): readonly SourceFate[] {
  const groups = new Map<string, Found[]>();
  for (const one of found) {
    const { verdict, delivered, to, out } = one.fate;
    const key = JSON.stringify([verdict, delivered, verdict === "accept" ? [to, out] : null]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()].flatMap((alike): readonly SourceFate[] => {
    const [first] = alike;
    if (first === undefined) return [];
    return [{
      sources: uniteAll(alike.map(({ sources }) => sources)),
      fate: first.fate,
      witness: first.witness,
      questions: [...new Set(alike.flatMap(({ questions }) => questions))],
      listDecisions: () => alike.flatMap(decisionsOf),
      listLimits: () => alike.flatMap(limitsOf),
    }];
  });
}

function decisionsOf({ ways, sources }: Found): readonly Decision[] {
  return ways.flatMap(({ placed, group }) => [...decidersOf(group, sources)].map(([rule, deciding]) => ({ placed, rule, sources: deciding })));
}

/** The rules of the chain that decide, and of chains that it calls. */
function* decidersOf({ leaves }: LeafGroup, sources: Sources): Generator<readonly [Rule | null, Sources]> {
  for (const leaf of leaves) {
    const both = intersect(leaf.sources, sources);
    if (both.length === 0) continue;
    if (leaf.through === null) yield [leaf.rule, both];
    else yield* decidersOf(leaf.through, both);
  }
}

function limitsOf({ summaries, sources }: Found): readonly AskedLimit[] {
  return [...summaries].flatMap(({ limits }) => limitsWithin(limits, sources));
}
