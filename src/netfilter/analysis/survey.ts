/** One base chain surveyed: which packets come to each rule, which of them it takes, and what would become of them without it. */
import type { Act, MapEntry } from "../firewall/acts.ts";
import type { Chain, Rule, Table } from "../firewall/model.ts";
import { nothing, type PacketSet } from "./diagram.ts";
import { afterMark, beforeMark } from "./marks.ts";
import type { Universe } from "./universe.ts";
import { accepted, agreeOn, dropped, identify, pickVerdicts, rejected, undecided, type Verdicts, withChange } from "./verdicts.ts";

export interface Survey {
  /** Packets that the rule takes, in all chains that call its own. */
  readonly taken: ReadonlyMap<Rule, PacketSet>;
  /** Rules without which, on one of the ways through their chain, some packet would get another verdict, or be changed otherwise; null where that was not asked. */
  readonly matters: ReadonlySet<Rule> | null;
  /** Who took packets for good, or out of a chain, in the order of the way. */
  readonly removals: readonly Removal[];
  /** How many removals there had been when packets first came to the rule. */
  readonly before: ReadonlyMap<Rule, number>;
  /** What becomes of the packets of the base chain; null where that was not asked. */
  readonly verdicts: Verdicts | null;
}

export interface Removal {
  readonly rule: Rule;
  readonly set: PacketSet;
  /** The rules that led from the base chain to the rule's, when packets first came there. */
  readonly callers: readonly Rule[];
}

/** Rules that may be looked at for one base chain, calls counted: chains that call each other many times over could go on for ever. */
export const MOST_VISITS = 2_000_000;

/** The rules are called too often. */
export class TooManyCalls extends Error {}

interface Surveying {
  readonly universe: Universe;
  readonly table: Table;
  /** What accepting comes to: the chains behind this one. Null: only who takes which packets is asked. */
  readonly onAccept: Verdicts | null;
  readonly compiled: Map<Rule, readonly CompiledStep[]>;
  readonly functions: Map<Chain, Map<string, readonly Verdicts[]>>;
  readonly returned: Map<Chain, Map<string, PacketSet>>;
  readonly taken: Map<Rule, PacketSet>;
  readonly matters: Set<Rule>;
  readonly removals: Removal[];
  readonly before: Map<Rule, number>;
  readonly callers: Rule[];
  visits: number;
}

/**
 * `onAccept`: what becomes of packets that the chain accepts, to tell what becomes of all; null, which is cheaper, tells only who takes which. Throws
 * `TooManyCalls`, `DiagramTooLarge`.
 */
export function surveyChain(universe: Universe, table: Table, chain: Chain, onAccept: Verdicts | null): Survey {
  const survey = openSurvey(universe, table, onAccept);
  const policy = chain.base?.policy === "drop" ? dropped : (onAccept ?? accepted);
  const verdicts = onAccept === null ? null : (functionsOf(survey, chain, policy)[0] ?? policy);
  enter(survey, chain, universe.all, policy);
  const { taken, matters, removals, before } = survey;
  return { taken, matters: onAccept === null ? null : matters, removals, before, verdicts };
}

/** What becomes of the packets of a base chain, and nothing of its rules: cheaper than `surveyChain`. Throws as it does. */
export function judgeChain(universe: Universe, table: Table, chain: Chain, onAccept: Verdicts): Verdicts {
  const policy = chain.base?.policy === "drop" ? dropped : onAccept;
  return functionsOf(openSurvey(universe, table, onAccept), chain, policy)[0] ?? policy;
}

function openSurvey(universe: Universe, table: Table, onAccept: Verdicts | null): Surveying {
  return { universe, table, onAccept, compiled: new Map(), functions: new Map(), returned: new Map(), taken: new Map(), matters: new Set(), removals: [], before: new Map(), callers: [], visits: 0 };
}

/** For each rule what becomes of packets that come to it, and, last, to the end of the chain. */
function functionsOf(survey: Surveying, chain: Chain, onReturn: Verdicts): readonly Verdicts[] {
  const known = survey.functions.get(chain)?.get(identify(onReturn));
  if (known !== undefined) return known;
  count(survey, chain.rules.length);
  const functions: Verdicts[] = [];
  functions[chain.rules.length] = onReturn;
  for (let index = chain.rules.length - 1; index >= 0; index--) {
    const rule = chain.rules[index];
    const next = functions[index + 1] ?? onReturn;
    functions[index] = rule === undefined ? next : functionOfSteps(survey, rule, next, onReturn);
  }
  remember(survey.functions, chain, identify(onReturn), functions);
  return functions;
}

function functionOfSteps(survey: Surveying, rule: Rule, next: Verdicts, onReturn: Verdicts): Verdicts {
  const { diagrams } = survey.universe;
  return compileSteps(survey, rule).reduceRight<Verdicts>(
    (after, step) => (step.kind === "tests" ? pickVerdicts(diagrams, step.set, after, next) : functionOfAct(survey, step.act, after, next, onReturn)),
    next,
  );
}

type CompiledStep = { readonly kind: "tests"; readonly set: PacketSet } | { readonly kind: "act"; readonly act: Act };

/** Tests in a row as one small set: each alone would cut a large one through and through. */
function compileSteps({ universe, compiled }: Surveying, rule: Rule): readonly CompiledStep[] {
  const known = compiled.get(rule);
  if (known !== undefined) return known;
  const steps: CompiledStep[] = [];
  for (const step of rule.steps) {
    const last = steps.at(-1);
    if (step.kind === "act") steps.push(step);
    else if (last?.kind === "tests") steps[steps.length - 1] = { kind: "tests", set: universe.diagrams.and(last.set, universe.setOf(step.test)) };
    else steps.push({ kind: "tests", set: universe.setOf(step.test) });
  }
  compiled.set(rule, steps);
  return steps;
}

/** `after`: the rest of the rule; `next`: the next rule. */
function functionOfAct(survey: Surveying, act: Act, after: Verdicts, next: Verdicts, onReturn: Verdicts): Verdicts {
  const { universe, table } = survey;
  const onAccept = survey.onAccept ?? accepted;
  switch (act.kind) {
    case "accept":
      return onAccept;
    case "drop":
      return dropped;
    case "reject":
      return rejected;
    case "return":
      return onReturn;
    case "queue":
    case "opaque":
      return undecided;
    case "nat":
      return withChange(onAccept);
    case "jump":
    case "goto": {
      const target = table.chains.get(act.chain);
      return target === undefined ? undecided : (functionsOf(survey, target, act.kind === "jump" ? next : onReturn)[0] ?? next);
    }
    case "map":
      return act.entries.reduceRight<Verdicts>((otherwise, entry) => pickVerdicts(universe.diagrams, whenOf(universe, entry), functionOfAct(survey, entry.act, after, next, onReturn), otherwise), next);
    case "mark": {
      const change = (set: PacketSet): PacketSet => beforeMark(universe, act, set);
      return withChange({ accept: change(after.accept), drop: change(after.drop), reject: change(after.reject), change: after.change });
    }
    case "notrack":
    case "synproxy":
      return withChange(after);
    case "log":
    case "continue":
      return after;
  }
}

function whenOf({ diagrams, all, setOf }: Universe, { when }: MapEntry): PacketSet {
  return when.reduce((set, test) => diagrams.and(set, setOf(test)), all);
}

/** The packets come to the chain; gives those that leave it by its end or a return. */
function enter(survey: Surveying, chain: Chain, entering: PacketSet, onReturn: Verdicts): PacketSet {
  if (entering === nothing) return nothing;
  const key = `${entering} ${identify(onReturn)}`;
  const known = survey.returned.get(chain)?.get(key);
  if (known !== undefined) return known;
  const functions = survey.onAccept === null ? [] : functionsOf(survey, chain, onReturn);
  let returned = nothing;
  let here = entering;
  for (const [index, rule] of chain.rules.entries()) {
    if (!survey.before.has(rule)) survey.before.set(rule, survey.removals.length);
    if (here === nothing) continue;
    count(survey, 1);
    const [now, without] = [functions[index] ?? onReturn, functions[index + 1] ?? onReturn];
    if (!survey.matters.has(rule) && !agreeOn(survey.universe.diagrams, here, now, without)) survey.matters.add(rule);
    const way: Way = { survey, rule, next: without, onReturn, left: nothing, returned: nothing };
    followSteps(way, here);
    here = way.left;
    returned = survey.universe.diagrams.or(returned, way.returned);
  }
  const result = survey.universe.diagrams.or(returned, here);
  remember(survey.returned, chain, key, result);
  return result;
}

/** Packets on their way through a rule. */
interface Way {
  readonly survey: Surveying;
  readonly rule: Rule;
  readonly next: Verdicts;
  readonly onReturn: Verdicts;
  /** For the next rule. */
  left: PacketSet;
  /** Out of the chain. */
  returned: PacketSet;
}

function followSteps(way: Way, entering: PacketSet): void {
  const { survey, rule } = way;
  const { diagrams } = survey.universe;
  let here = entering;
  let isTaken = false;
  for (const step of compileSteps(survey, rule)) {
    if (step.kind === "tests") {
      way.left = diagrams.or(way.left, diagrams.without(here, step.set));
      here = diagrams.and(here, step.set);
      continue;
    }
    if (!isTaken) take(way, here);
    isTaken = true;
    here = followAct(way, step.act, here);
  }
  if (!isTaken) take(way, here);
  way.left = diagrams.or(way.left, here);
}

function take({ survey, rule }: Way, set: PacketSet): void {
  survey.taken.set(rule, survey.universe.diagrams.or(survey.taken.get(rule) ?? nothing, set));
}

function remove({ survey, rule }: Way, set: PacketSet): void {
  survey.removals.push({ rule, set, callers: [...survey.callers] });
}

/** Gives the packets that go on in the rule. */
function followAct(way: Way, act: Act, here: PacketSet): PacketSet {
  const { survey, rule } = way;
  const { universe, table } = survey;
  const { diagrams } = universe;
  if (here === nothing) return nothing;
  switch (act.kind) {
    case "accept":
    case "drop":
    case "reject":
    case "queue":
    case "nat":
      remove(way, here);
      return nothing;
    case "return":
      remove(way, here);
      way.returned = diagrams.or(way.returned, here);
      return nothing;
    case "jump":
    case "goto": {
      const target = table.chains.get(act.chain);
      survey.callers.push(rule);
      const back = target === undefined ? here : enter(survey, target, here, act.kind === "jump" ? way.next : way.onReturn);
      survey.callers.pop();
      if (act.kind === "jump") way.left = diagrams.or(way.left, back);
      else {
        remove(way, here);
        way.returned = diagrams.or(way.returned, back);
      }
      return nothing;
    }
    case "map": {
      let going = nothing;
      let rest = here;
      for (const entry of act.entries) {
        const meets = diagrams.and(rest, whenOf(universe, entry));
        rest = diagrams.without(rest, meets);
        going = diagrams.or(going, followAct(way, entry.act, meets));
      }
      way.left = diagrams.or(way.left, rest);
      return going;
    }
    case "mark":
      return afterMark(universe, act, here);
    // Anything may become of it, going on too.
    case "opaque":
    case "notrack":
    case "synproxy":
    case "log":
    case "continue":
      return here;
  }
}

function count(survey: Surveying, visits: number): void {
  survey.visits += visits;
  if (survey.visits > MOST_VISITS) throw new TooManyCalls();
}

function remember<T>(memory: Map<Chain, Map<string, T>>, chain: Chain, key: string, value: T): void {
  const known = memory.get(chain);
  if (known === undefined) memory.set(chain, new Map([[key, value]]));
  else known.set(key, value);
}
