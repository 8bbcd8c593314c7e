/** Parts the packets with which two versions of a hook deal differently, so that one kind of change does not hide another. */
import { everything, nothing, type PacketSet } from "../analysis/diagram.ts";
import { judgeChain } from "../analysis/survey.ts";
import type { Universe } from "../analysis/universe.ts";
import { accepted, type Verdicts } from "../analysis/verdicts.ts";
import type { Test } from "../firewall/tests.ts";
import { describeLimit } from "./confirm.ts";
import type { StagePair, StageSide } from "./sides.ts";

/**
 * Differences while limits are kept, then those beyond (of other packets), then those where some limits are kept and some not, each parted by what `confirmChange` would
 * call them if the hook alone decided, what is unknown last; then those of translation.
 */
export function listRegions(universe: Universe, { before, after }: StagePair, possible: PacketSet, nats: PacketSet): readonly PacketSet[] {
  const { and, or, without } = universe.diagrams;
  const [one, other] = [judgeAll(universe, before), judgeAll(universe, after)];
  const changed = [differ(universe, one.accept, other.accept), differ(universe, denied(universe, one), denied(universe, other)), differ(universe, one.change, other.change)].reduce(or, nothing);
  const different = and(changed, possible);
  const within = and(different, limitsAre(universe, "within"));
  const beyond = without(and(different, limitsAre(universe, "beyond")), whateverLimits(universe, within));
  const rest = without(without(different, whateverLimits(universe, within)), beyond);
  const kinds = listKinds(universe, one, other);
  const others = kinds.reduce(without, everything);
  const limits = and(rest, others) === nothing ? nothing : otherLimits(universe, one, other);
  const unsure = or(hangingOnUnknowns(universe, one), hangingOnUnknowns(universe, other));
  const parts = [...[...kinds, and(others, limits), without(others, limits)].map((part) => without(part, unsure)), unsure];
  return [...[within, beyond, rest].flatMap((region) => parts.map((part) => and(region, part))), and(nats, possible)].filter((region) => region !== nothing);
}

/** What a packet meets at the hook as a whole: accepting in one chain leads to the next. */
function judgeAll(universe: Universe, { filters }: StageSide): Verdicts {
  return [...filters].reverse().reduce<Verdicts>((behind, { table, chain }) => judgeChain(universe, table, chain, behind), accepted);
}

/** Denied, allowed, limited, unlimited: whatever limits say, by what the hook does while all are kept and once all are exceeded. */
function listKinds(universe: Universe, one: Verdicts, other: Verdicts): readonly PacketSet[] {
  const { and, or, without } = universe.diagrams;
  const passing = ({ accept }: Verdicts, scenario: "within" | "beyond"): PacketSet => whateverLimits(universe, and(accept, limitsAre(universe, scenario)));
  const within = [passing(one, "within"), passing(other, "within")] as const;
  const beyond = [passing(one, "beyond"), passing(other, "beyond")] as const;
  const [fewer, more] = [without(beyond[0], beyond[1]), without(beyond[1], beyond[0])];
  const [both, some] = [and(...within), or(...within)];
  return [or(without(within[0], within[1]), without(fewer, some)), or(without(within[1], within[0]), without(more, some)), and(fewer, both), and(more, both)];
}

/** Packets whose fate hangs on other limits, as `describeLimit` tells them apart. */
function otherLimits(universe: Universe, one: Verdicts, other: Verdicts): PacketSet {
  const { or } = universe.diagrams;
  const [old, now] = [countLimits(universe, one), countLimits(universe, other)];
  return [...old].flatMap(([text, sets]) => sets.map((set, index) => differ(universe, set, now.get(text)?.[index] ?? nothing))).reduce(or, nothing);
}

/** For each limit the packets whose fate hangs on one like it, on two, and so on. */
function countLimits(universe: Universe, verdicts: Verdicts): ReadonlyMap<string, readonly PacketSet[]> {
  const { and, or } = universe.diagrams;
  const counts = new Map<string, readonly PacketSet[]>();
  for (const { bit, test } of universe.layout.questions.values()) {
    if (test.kind !== "history") continue;
    const hanging = whateverLimits(universe, hangingOn(universe, [verdicts.accept, denied(universe, verdicts)], bit));
    const text = describeLimit(test.limit);
    const sets = counts.get(text) ?? [];
    counts.set(text, [...sets, nothing].map((set, index) => or(set, and(index === 0 ? everything : (sets[index - 1] ?? nothing), hanging))));
  }
  return counts;
}

/** Packets whose fate hangs on what is no limit and no field of the packet, or is not decided by rules. */
function hangingOnUnknowns(universe: Universe, verdicts: Verdicts): PacketSet {
  const { or, without } = universe.diagrams;
  const asked = [...universe.layout.questions.values()].filter(({ test }) => test.kind !== "history");
  const undecided = without(without(universe.all, verdicts.accept), denied(universe, verdicts));
  const hanging = [undecided, ...asked.map(({ bit }) => hangingOn(universe, [verdicts.accept, verdicts.drop, verdicts.reject], bit))].reduce(or, nothing);
  return whatever(universe, hanging, () => true);
}

/** Packets that are in one of the sets by one answer and not by the other. */
function hangingOn(universe: Universe, sets: readonly PacketSet[], bit: number): PacketSet {
  return sets.map((set) => differ(universe, fix(universe, set, bit, false), fix(universe, set, bit, true))).reduce(universe.diagrams.or, nothing);
}

function denied({ diagrams }: Universe, { drop, reject }: Verdicts): PacketSet {
  return diagrams.or(drop, reject);
}

function differ({ diagrams: { or, without } }: Universe, one: PacketSet, other: PacketSet): PacketSet {
  return or(without(one, other), without(other, one));
}

/** Packets that are in the set once the bit has that value. */
function fix({ diagrams }: Universe, set: PacketSet, bit: number, value: boolean): PacketSet {
  return diagrams.rebuild(set, (index, low, high) => (index === bit ? (value ? high : low) : diagrams.choice(index, low, high)));
}

function limitsAre({ diagrams, layout }: Universe, scenario: "within" | "beyond"): PacketSet {
  let set = everything;
  for (const { bit, test } of layout.questions.values()) {
    if (test.kind !== "history") continue;
    const holds = diagrams.variable(bit);
    set = test.is === scenario ? diagrams.and(set, holds) : diagrams.without(set, holds);
  }
  return set;
}

/** The same packets, whatever limits say. */
export function whateverLimits(universe: Universe, set: PacketSet): PacketSet {
  return whatever(universe, set, ({ kind }) => kind === "history");
}

/** The same packets, whatever the answers to such questions are. */
function whatever({ diagrams, layout }: Universe, set: PacketSet, isFree: (test: Test) => boolean): PacketSet {
  const bits = new Set([...layout.questions.values()].flatMap(({ bit, test }) => (isFree(test) ? [bit] : [])));
  return bits.size === 0 ? set : diagrams.rebuild(set, (index, low, high) => (bits.has(index) ? diagrams.or(low, high) : diagrams.choice(index, low, high)));
}
