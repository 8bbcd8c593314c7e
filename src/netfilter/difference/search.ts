/** Looks through the packets with which two versions of a hook deal differently: a witness for each rule that makes a difference. */
import { everything, nothing, type PacketSet } from "../analysis/diagram.ts";
import { surveyChain } from "../analysis/survey.ts";
import { openUniverse, type Universe } from "../analysis/universe.ts";
import { testsOf } from "../analysis/visit-tests.ts";
import type { Act } from "../firewall/acts.ts";
import type { Hook, Rule, RuleSource } from "../firewall/model.ts";
import type { Change } from "./model.ts";
import type { Confirmed, Judged, Sent } from "./confirm.ts";
import type { Door } from "./doors.ts";
import { drawMember, listWishes, packetsFor, testsOfDrawing } from "./draw.ts";
import { possiblePackets, testsOfPossible } from "./possible.ts";
import { listRegions, whateverLimits } from "./regions.ts";
import type { StagePair, StageSide } from "./sides.ts";

export interface SearchContext {
  readonly before: Judged;
  readonly after: Judged;
  readonly doors: readonly Door[];
  readonly confirm: (sent: Sent) => Confirmed | null;
  /** Whether no more walks may be made. */
  readonly isSpent: () => boolean;
}

export type Found =
  | { readonly kind: "change"; readonly change: Omit<Change, "family" | "hook"> }
  | { readonly kind: "open"; readonly rule: RuleSource | null; readonly reason: string | null };

/** Packets of one rule and state that are tried before it is taken for hidden by something else. */
const MOST_TRIES = 4;
/** Some 50 MB; what needs more is not compared, and that is said. */
const MOST_NODES = 1 << 21;

/** Throws `DiagramTooLarge`, `TooManyCalls`. */
export function searchStage(pair: StagePair, context: SearchContext): readonly Found[] {
  const { stage, before, after } = pair;
  const { family } = stage;
  const doors = context.doors.filter((door) => door.family === family);
  const rules = [...before.rules, ...after.rules];
  const tests = [...rules.flatMap(testsOf), ...testsOfDrawing(family, doors, context.after.network), ...[context.before, context.after].flatMap(({ network }) => testsOfPossible(network, family))];
  const universe = openUniverse(tests, family, stage, MOST_NODES);
  const { or } = universe.diagrams;
  const acts = rules.flatMap(actsOf);
  const isMarked = acts.some(({ kind }) => kind === "mark" || kind === "opaque");
  const isUntracked = acts.some(({ kind }) => kind === "notrack");
  const possible = [context.before, context.after].map(({ network }) => possiblePackets(universe, stage, network, isMarked, isUntracked)).reduce(or, nothing);
  const taken = { before: takenOf(universe, before), after: takenOf(universe, after) };
  const found: Found[] = [];
  const nats = [...new Set([...changedNats(before, taken.before), ...changedNats(after, taken.after)])].reduce(or, nothing);
  for (const region of listRegions(universe, pair, possible, nats)) searchRegion(region, { universe, pair, taken, context, doors, wishes: listWishes(universe, stage, doors, context.after.network), found });
  return withoutRepeats(found);
}

/** The difference that a rule makes may stay hidden for packets of several regions. */
function withoutRepeats(found: readonly Found[]): readonly Found[] {
  const isSame = (one: Found, other: Found): boolean => one.kind === "open" && other.kind === "open" && one.rule === other.rule && one.reason === other.reason;
  return found.filter((one, index) => !found.slice(0, index).some((other) => isSame(one, other)));
}

type Taken = Readonly<Record<"before" | "after", ReadonlyMap<Rule, PacketSet>>>;

/** What each rule takes, in the order in which packets first come to the rules. */
function takenOf(universe: Universe, { filters, nats }: StageSide): ReadonlyMap<Rule, PacketSet> {
  return new Map([...filters, ...nats].flatMap(({ table, chain }) => {
    const { before, taken } = surveyChain(universe, table, chain, null);
    return [...before.keys()].map((rule): [Rule, PacketSet] => [rule, taken.get(rule) ?? nothing]);
  }));
}

function changedNats({ nats, changed, rules }: StageSide, taken: ReadonlyMap<Rule, PacketSet>): readonly PacketSet[] {
  const names = new Set(nats.map(({ table }) => `${table.backend} ${table.name}`));
  return rules.filter((rule) => changed.has(rule) && names.has(`${rule.source.backend} ${rule.source.table}`) && actsOf(rule).some(({ kind }) => kind === "nat" || kind === "return" || kind === "accept"))
    .map((rule) => taken.get(rule) ?? nothing);
}

interface Searching {
  readonly universe: Universe;
  readonly pair: StagePair;
  readonly taken: Taken;
  readonly context: SearchContext;
  readonly doors: readonly Door[];
  readonly wishes: readonly PacketSet[];
  readonly found: Found[];
}

function searchRegion(region: PacketSet, searching: Searching): void {
  const { universe, pair, context, doors, wishes, found } = searching;
  const { and, without } = universe.diagrams;
  const failures = new Map<string, number>();
  const missing = new Set<Rule | null>();
  let left = region;
  for (let member = drawMember(universe, left, wishes); member !== null; member = drawMember(universe, left, wishes)) {
    const { rule, side, like } = findMaker(searching, member);
    if (context.isSpent()) {
      found.push({ kind: "open", rule: rule?.source ?? null, reason: "there are too many differences to look at each" });
      return;
    }
    const hit = packetsFor(universe, pair.stage, member, doors, side === "before" ? context.before : context.after).flatMap((sent) => {
      const confirmed = context.confirm(sent);
      return confirmed === null || !passesBy(confirmed, pair.stage.hook, confirmed.kind === "limit" ? null : rule) ? [] : [{ sent, confirmed }];
    })[0];
    left = without(left, cubeOf(universe, member));
    if (hit !== undefined) {
      found.push({ kind: "change", change: { ...hit.confirmed, rule: rule?.source ?? null, side, witness: hit.sent } });
      // Two limits, one on each side, are one change.
      left = without(left, hit.confirmed.kind === "limit" ? whateverLimits(universe, like) : like);
      missing.delete(rule);
      continue;
    }
    missing.add(rule);
    const state = stateOf(universe, member);
    const key = `${String(rule === null ? -1 : [...searching.taken[side].keys()].indexOf(rule))} ${side} ${String(state)}`;
    failures.set(key, (failures.get(key) ?? 0) + 1);
    if ((failures.get(key) ?? 0) >= MOST_TRIES) left = without(left, and(like, state));
  }
  for (const rule of missing) found.push({ kind: "open", rule: rule?.source ?? null, reason: null });
}

/** All packets in the state of this one. */
function stateOf(universe: Universe, member: ReadonlyMap<number, boolean>): PacketSet {
  const place = universe.layout.numbers.get("connectionState");
  if (place === undefined) return everything;
  return pointOf(universe, new Map([...complete(universe, member)].filter(([bit]) => bit >= place.first && bit < place.first + place.width)));
}

/** Whether the packet meets the rule at the hook: the difference may come from elsewhere. A limit that another one hides is asked while limits are kept, a rule behind both is not. */
function passesBy({ before, after }: Confirmed, hook: Hook, rule: Rule | null): boolean {
  return [before.within, before.beyond, after.within, after.beyond].some(({ hops, limits }) =>
    hops.some((hop) => hop.hook === hook && (rule === null || hop.source === rule.source)) || limits.some((limit) => limit.rule.source === rule?.source));
}

/**
 * The changed rule that the member meets and that takes the fewest others, the first of equals; `like`: what it takes. Without a changed rule, those that decide now.
 */
function findMaker({ universe, pair, taken }: Searching, member: ReadonlyMap<number, boolean>): { readonly rule: Rule | null; readonly side: "before" | "after"; readonly like: PacketSet } {
  const { diagrams: { and } } = universe;
  const point = pointOf(universe, complete(universe, member));
  const meets = (side: "before" | "after", rule: Rule): boolean => and(taken[side].get(rule) ?? nothing, point) !== nothing;
  for (const side of ["after", "before"] as const) {
    const met = [...taken[side].keys()].filter((rule) => pair[side].changed.has(rule) && actsOf(rule).some(isEffective) && meets(side, rule));
    const rule = findNarrowest(universe, met, taken[side], namesOf(universe, member));
    if (rule !== null) return { rule, side, like: taken[side].get(rule) ?? nothing };
  }
  const deciding = (["after", "before"] as const).flatMap((side) => {
    const rule = [...taken[side].keys()].findLast((one) => actsOf(one).some(isVerdict) && meets(side, one));
    return rule === undefined ? [] : [{ rule, side, like: taken[side].get(rule) ?? nothing }];
  });
  const [first] = deciding;
  return first === undefined ? { rule: null, side: "after", like: everything } : { ...first, like: deciding.reduce((set, { like }) => and(set, like), everything) };
}

/** Among packets between the same two interfaces: a chain may have several callers. */
function findNarrowest({ diagrams: { and, without } }: Universe, rules: readonly Rule[], taken: ReadonlyMap<Rule, PacketSet>, names: PacketSet): Rule | null {
  const here = (rule: Rule): PacketSet => and(taken.get(rule) ?? nothing, names);
  return rules.reduce<Rule | null>((best, rule) => {
    if (best === null) return rule;
    const [least, next] = [here(best), here(rule)];
    return next !== least && without(next, least) === nothing ? rule : best;
  }, null);
}

function namesOf(universe: Universe, member: ReadonlyMap<number, boolean>): PacketSet {
  const bits = new Set([...universe.layout.names.values()].flatMap(({ first, width }) => Array.from({ length: width }, (_, depth) => first + depth)));
  return pointOf(universe, new Map([...complete(universe, member)].filter(([bit]) => bits.has(bit))));
}

/** With the bits that do not count, as 0. */
function complete({ layout }: Universe, member: ReadonlyMap<number, boolean>): ReadonlyMap<number, boolean> {
  const places = [...layout.numbers.values(), ...layout.addresses.values(), ...layout.names.values(), ...layout.types.values()];
  const bits = [...places.flatMap(({ first, width }) => Array.from({ length: width }, (_, depth) => first + depth)), ...[...layout.questions.values()].map(({ bit }) => bit)];
  return new Map(bits.map((bit) => [bit, member.get(bit) ?? false]));
}

function isEffective({ kind }: Act): boolean {
  return kind !== "log" && kind !== "continue";
}

function isVerdict({ kind }: Act): boolean {
  return kind === "accept" || kind === "drop" || kind === "reject" || kind === "map";
}

function pointOf({ diagrams }: Universe, member: ReadonlyMap<number, boolean>): PacketSet {
  return [...member].sort(([a], [b]) => b - a).reduce<PacketSet>((set, [bit, value]) => (value ? diagrams.choice(bit, nothing, set) : diagrams.choice(bit, set, nothing)), everything);
}

/** Packets that are like the member but for their ports, source and what rules ask beside the packet. */
function cubeOf(universe: Universe, member: ReadonlyMap<number, boolean>): PacketSet {
  const { numbers, addresses, names } = universe.layout;
  const kept = [numbers.get("protocol"), numbers.get("connectionState"), numbers.get("tcpFlags"), numbers.get("connectionDirection"), addresses.get("destination"), names.get("in"), names.get("out")];
  const bits = new Set(kept.flatMap((place) => (place === undefined ? [] : Array.from({ length: place.width }, (_, depth) => place.first + depth))));
  return pointOf(universe, new Map([...member].filter(([bit]) => bits.has(bit))));
}

function actsOf({ steps }: Rule): readonly Act[] {
  return steps.flatMap((step) => (step.kind === "act" ? (step.act.kind === "map" ? [step.act, ...step.act.entries.map(({ act }) => act)] : [step.act]) : []));
}
