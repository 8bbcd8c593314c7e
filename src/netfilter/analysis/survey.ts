/** One base chain surveyed: which packets come to each rule, which of them it takes, and what would become of them without it. */
import type { Act } from "../firewall/acts.ts";
import type { Chain, Rule, Table } from "../firewall/model.ts";
import { everything, nothing, type PacketSet } from "./diagram.ts";
import { askedBehind, beginPhase, compileSteps, count, foresee, functionsOf, type Removal, remember, type Surveying, whenOf, withinAsked } from "./functions.ts";
import { afterMark, withAnyMark } from "./marks.ts";
import { rulesBehind } from "./stages.ts";
import type { Universe } from "./universe.ts";
import { accepted, agreeOn, dropped, identify, type Verdicts } from "./verdicts.ts";

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

/**
 * `onAccept`: what becomes of packets that the chain accepts, to tell what becomes of all; null, which is cheaper, tells only who takes which. Throws
 * `TooManyCalls`, `DiagramTooLarge`.
 */
export function surveyChain(universe: Universe, table: Table, chain: Chain, onAccept: Verdicts | null): Survey {
  // What becomes of packets leaves room for who takes which.
  const survey = openSurvey(universe, table, chain, onAccept, onAccept === null ? 1 : 0.5);
  const policy = chain.base?.policy === "drop" ? dropped : (onAccept ?? accepted);
  const verdicts = onAccept === null ? null : (functionsOf(survey, chain, policy)[0] ?? policy);
  if (verdicts !== null) survey.phase = beginPhase(universe, survey.phase.rules);
  enter(survey, chain, universe.all, policy);
  const { taken, matters, removals, before } = survey;
  return { taken, matters: onAccept === null ? null : matters, removals, before, verdicts };
}

/** What becomes of the packets of a base chain, and nothing of its rules: cheaper than `surveyChain`. Throws as it does. */
export function judgeChain(universe: Universe, table: Table, chain: Chain, onAccept: Verdicts): Verdicts {
  const policy = chain.base?.policy === "drop" ? dropped : onAccept;
  return functionsOf(openSurvey(universe, table, chain, onAccept, 1), chain, policy)[0] ?? policy;
}

function openSurvey(universe: Universe, table: Table, chain: Chain, onAccept: Verdicts | null, share: number): Surveying {
  return { universe, table, onAccept, compiled: new Map(), functions: new Map(), returned: new Map(), taken: new Map(), matters: new Set(), removals: [], before: new Map(), callers: [], visits: 0, phase: beginPhase(universe, rulesBehind({ table, chain }).length, share) };
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
    foresee(survey);
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
  let asked = everything;
  for (const step of compileSteps(survey, rule)) {
    if (step.kind === "tests") {
      way.left = diagrams.or(way.left, diagrams.without(here, step.set));
      here = diagrams.and(here, step.set);
    } else {
      if (!isTaken) take(way, here);
      isTaken = true;
      here = followAct(way, step.act, here, asked);
    }
    asked = askedBehind(survey, step, asked);
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
function followAct(way: Way, act: Act, here: PacketSet, asked: PacketSet): PacketSet {
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
      const back = target === undefined ? here : enter(survey, target, here, withinAsked(survey, act.kind === "jump" ? way.next : way.onReturn, asked));
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
        const when = whenOf(universe, entry);
        const meets = diagrams.and(rest, when);
        rest = diagrams.without(rest, meets);
        going = diagrams.or(going, followAct(way, entry.act, meets, diagrams.and(asked, withAnyMark(universe, when))));
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
