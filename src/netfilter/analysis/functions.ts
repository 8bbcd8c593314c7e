/** What becomes of packets from each rule of a chain on, as functions of the packets: from the last rule to the first. */
import type { Act, MapEntry } from "../firewall/acts.ts";
import type { Chain, Rule, Table } from "../firewall/model.ts";
import { DiagramTooLarge, everything, type PacketSet } from "./diagram.ts";
import { beforeMark, withAnyMark } from "./marks.ts";
import type { Universe } from "./universe.ts";
import { accepted, dropped, identify, pickVerdicts, rejected, undecided, type Verdicts, withChange } from "./verdicts.ts";

/** Rules that may be looked at for one base chain, calls counted: chains that call each other many times over could go on for ever. */
export const MOST_VISITS = 2_000_000;

/** The rules are called too often. */
export class TooManyCalls extends Error {}

/** Packets that a rule takes for good, or out of a chain. */
export interface Removal {
  readonly rule: Rule;
  readonly set: PacketSet;
  /** The rules that led from the base chain to the rule's, when packets first came there. */
  readonly callers: readonly Rule[];
}

export interface Surveying {
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
  phase: Phase;
}

/** One pass over all rules: how many nodes there were before it, how many it may make, how many rules there are, and how many it has done. */
interface Phase {
  readonly before: number;
  readonly room: number;
  readonly rules: number;
  done: number;
}

/** `share`: of the room that is left. */
export function beginPhase({ diagrams }: Universe, rules: number, share = 1): Phase {
  const before = diagrams.size();
  return { before, room: (diagrams.room - before) * share, rules, done: 0 };
}

/** Fewer nodes tell nothing of how many there will be. */
const ENOUGH_TO_TELL = 1 << 20;

/**
 * Counts a rule that was done. Throws `DiagramTooLarge` once the rules so far have needed so many nodes that, if each of the others needed as many, there would be no room:
 * where rules cross each other the later ones need more, and filling all the room first would take most of the time of a whole audit.
 */
export function foresee({ universe: { diagrams }, phase }: Surveying): void {
  phase.done++;
  const needed = diagrams.size() - phase.before;
  if (needed > ENOUGH_TO_TELL && needed * phase.rules > phase.room * phase.done) throw new DiagramTooLarge();
}

/** For each rule what becomes of packets that come to it, and, last, to the end of the chain. */
export function functionsOf(survey: Surveying, chain: Chain, onReturn: Verdicts): readonly Verdicts[] {
  const known = survey.functions.get(chain)?.get(identify(onReturn));
  if (known !== undefined) return known;
  count(survey, chain.rules.length);
  const functions: Verdicts[] = [];
  functions[chain.rules.length] = onReturn;
  for (let index = chain.rules.length - 1; index >= 0; index--) {
    const rule = chain.rules[index];
    const next = functions[index + 1] ?? onReturn;
    functions[index] = rule === undefined ? next : functionOfSteps(survey, rule, next, onReturn);
    foresee(survey);
  }
  remember(survey.functions, chain, identify(onReturn), functions);
  return functions;
}

function functionOfSteps(survey: Surveying, rule: Rule, next: Verdicts, onReturn: Verdicts): Verdicts {
  const { diagrams } = survey.universe;
  const steps = compileSteps(survey, rule);
  return steps.reduceRight<Verdicts>((after, step, index) => {
    if (step.kind === "tests") return pickVerdicts(diagrams, step.set, after, next);
    return functionOfAct(survey, step.act, after, next, onReturn, steps.slice(0, index).reduce((asked, before) => askedBehind(survey, before, asked), everything));
  }, next);
}

/** What packets behind the step are known to be; but for their marks, which chains change. */
export function askedBehind({ universe }: Surveying, step: CompiledStep, asked: PacketSet): PacketSet {
  return step.kind === "tests" ? universe.diagrams.and(asked, withAnyMark(universe, step.set)) : asked;
}

/** The verdicts of these packets alone: what a chain does with the few that come to it is a small function, whatever becomes of all others. */
export function withinAsked({ universe: { diagrams }, onAccept }: Surveying, { accept, drop, reject, change }: Verdicts, asked: PacketSet): Verdicts {
  if (asked === everything || onAccept === null) return { accept, drop, reject, change };
  const { and } = diagrams;
  return { accept: and(accept, asked), drop: and(drop, asked), reject: and(reject, asked), change: and(change, asked) };
}

type CompiledStep = { readonly kind: "tests"; readonly set: PacketSet } | { readonly kind: "act"; readonly act: Act };

/** Tests in a row as one small set: each alone would cut a large one through and through. */
export function compileSteps({ universe, compiled }: Surveying, rule: Rule): readonly CompiledStep[] {
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

/** `after`: the rest of the rule; `next`: the next rule. Holds for packets that are `asked`. */
function functionOfAct(survey: Surveying, act: Act, after: Verdicts, next: Verdicts, onReturn: Verdicts, asked: PacketSet): Verdicts {
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
      return target === undefined ? undecided : (functionsOf(survey, target, withinAsked(survey, act.kind === "jump" ? next : onReturn, asked))[0] ?? next);
    }
    case "map":
      return act.entries.reduceRight<Verdicts>((otherwise, entry) => {
        const when = whenOf(universe, entry);
        return pickVerdicts(universe.diagrams, when, functionOfAct(survey, entry.act, after, next, onReturn, universe.diagrams.and(asked, withAnyMark(universe, when))), otherwise);
      }, next);
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

export function whenOf({ diagrams, all, setOf }: Universe, { when }: MapEntry): PacketSet {
  return when.reduce((set, test) => diagrams.and(set, setOf(test)), all);
}

export function count(survey: Surveying, visits: number): void {
  survey.visits += visits;
  if (survey.visits > MOST_VISITS) throw new TooManyCalls();
}

export function remember<T>(memory: Map<Chain, Map<string, T>>, chain: Chain, key: string, value: T): void {
  const known = memory.get(chain);
  if (known === undefined) memory.set(chain, new Map([[key, value]]));
  else known.set(key, value);
}
