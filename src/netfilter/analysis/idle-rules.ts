/** Rules that do nothing: no packet meets them, or no packet would fare otherwise without them. */
import type { Act } from "../firewall/acts.ts";
import type { Chain, Firewall, Rule } from "../firewall/model.ts";
import { DiagramTooLarge, nothing, type PacketSet } from "./diagram.ts";
import { MOST_VISITS, TooManyCalls } from "./functions.ts";
import { findHiders } from "./hiders.ts";
import { listStages, repeatedChains, rulesBehind, type StagedChain, type StageChains } from "./stages.ts";
import { judgeChain, surveyChain } from "./survey.ts";
import { openUniverse, type Universe } from "./universe.ts";
import { accepted, agreeOn, type Verdicts } from "./verdicts.ts";
import { testsOf } from "./visit-tests.ts";

export type IdleRule =
  /** No rule leads from a base chain to its chain. */
  | { readonly kind: "unreached"; readonly rule: Rule }
  /** No packet can be what it asks for. */
  | { readonly kind: "contradictory"; readonly rule: Rule }
  /** All packets that it asks for are taken before by these rules, or not sent to its chain by those that lead to it. */
  | { readonly kind: "hidden"; readonly rule: Rule; readonly by: readonly Rule[] }
  /** Packets meet it, but their fate would be the same without it. */
  | { readonly kind: "redundant"; readonly rule: Rule };

export interface IdleRules {
  /** In the order of tables, chains and rules. */
  readonly rules: readonly IdleRule[];
  /** Base chains that were not analysed, and why: nothing, or not that they are redundant, is said of rules that only they lead to. */
  readonly skipped: readonly Skipped[];
}

export interface Skipped {
  readonly chain: Chain;
  readonly what: "all" | "redundant";
  readonly reason: string;
}

/**
 * Judges each rule by all base chains of the walked hooks that lead to it, in both families. A limit, chance, a route or something that is not
 * understood may be either way, so nothing is hidden by a rule that asks for one. What one base chain leaves to the next, and what routes and
 * translation leave over, is not looked at. Rules that only count or log, and a RETURN that ends its chain, are never called redundant.
 */
export function findIdleRules(firewall: Firewall): IdleRules {
  const seen = new Map<Rule, Seen>();
  const skipped: Skipped[] = [];
  for (const stage of listStages(firewall)) {
    for (const staged of [...stage.filters, ...stage.nats]) {
      const rules = rulesBehind(staged);
      const trouble = attempt(() => { lookAt(staged, stage, rules, seen, true); });
      if (trouble === null) continue;
      skipped.push({ chain: staged.chain, what: "redundant", reason: `which of its rules are redundant is not told: ${trouble}` });
      const more = attempt(() => { lookAt(staged, stage, rules, seen, false); });
      if (more === null) continue;
      skipped.push({ chain: staged.chain, what: "all", reason: more });
      for (const rule of rules) seen.set(rule, { busy: true, possible: true, hiders: null });
    }
  }
  const rules = firewall.tables.flatMap((table) => [...table.chains.values()].flatMap((chain) => chain.rules.flatMap((rule) => judge(rule, chain, seen.get(rule)))));
  return { rules, skipped };
}

/** What was found of a rule so far. */
interface Seen {
  /** It takes packets, and without it some would fare otherwise. */
  busy: boolean;
  /** Some packet is what it asks for. */
  possible: boolean;
  /** Who takes all its packets; null once it takes some itself. */
  hiders: Set<Rule> | null;
}

/** Null, or why it could not be done. */
function attempt(work: () => void): string | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof DiagramTooLarge) return error.message;
    if (error instanceof TooManyCalls) return "its chains are called too often";
    throw error;
  }
}

function lookAt(staged: StagedChain, stage: StageChains, rules: readonly Rule[], seen: Map<Rule, Seen>, redundancy: boolean): void {
  const universe = openUniverse(rules.flatMap(testsOf), stage.family, stage);
  const survey = surveyChain(universe, staged.table, staged.chain, redundancy ? accepted : null);
  const hiding = findHiders(universe, survey, staged.chain, (rule) => askedBy(rule, universe));
  const isNat = staged.chain.base?.type === "nat";
  const isNeeded = needFinder(universe, staged, survey.verdicts, rules);
  for (const rule of rules) {
    if (!survey.before.has(rule)) continue;
    const known = seen.get(rule) ?? { busy: false, possible: false, hiders: new Set<Rule>() };
    seen.set(rule, known);
    const taken = survey.taken.get(rule) ?? nothing;
    const isBusy = survey.matters === null || isNat || !decides(rule) ? taken !== nothing : survey.matters.has(rule) || isNeeded(rule);
    if (isBusy) known.busy = true;
    if (taken !== nothing) known.hiders = null;
    const asked = askedBy(rule, universe);
    if (asked !== nothing) known.possible = true;
    if (!known.busy && known.hiders !== null && asked !== nothing) for (const hider of hiding(rule, asked)) known.hiders.add(hider);
  }
}

/**
 * Whether packets that come to the rule more than once would fare otherwise without it, though no single time decides: where a chain is called twice, a
 * later call may make up for the rule. The whole chain is judged without it.
 */
function needFinder(universe: Universe, { table, chain: base }: StagedChain, verdicts: Verdicts | null, rules: readonly Rule[]): (rule: Rule) => boolean {
  const repeated = repeatedChains(rules);
  let visits = 0;
  return (rule) => {
    const chain = table.chains.get(rule.source.chain);
    if (chain === undefined || verdicts === null || !repeated.has(chain.name)) return false;
    visits += rules.length;
    if (visits > MOST_VISITS) throw new TooManyCalls();
    const chains = new Map(table.chains).set(chain.name, { ...chain, rules: chain.rules.filter((one) => one !== rule) });
    const without = judgeChain(universe, { ...table, chains }, chains.get(base.name) ?? base, accepted);
    return !agreeOn(universe.diagrams, universe.all, verdicts, without);
  };
}

/** All packets that the rule asks for. */
function askedBy({ steps }: Rule, { diagrams, all, setOf }: Universe): PacketSet {
  let set = all;
  for (const step of steps) {
    if (step.kind === "act") return set;
    set = diagrams.and(set, setOf(step.test));
  }
  return set;
}

function judge(rule: Rule, chain: Chain, seen: Seen | undefined): readonly IdleRule[] {
  if (seen === undefined) return [{ kind: "unreached", rule }];
  if (seen.busy) return [];
  if (!seen.possible) return [{ kind: "contradictory", rule }];
  if (seen.hiders !== null) return [{ kind: "hidden", rule, by: [...seen.hiders] }];
  const isLastReturn = chain.rules.at(-1) === rule && rule.steps.every((step) => step.kind === "test" || step.act.kind === "return");
  return isLastReturn ? [] : [{ kind: "redundant", rule }];
}

/** Only rules that are there for a verdict can be one too many. */
function decides({ steps }: Rule): boolean {
  const acts = steps.flatMap((step) => (step.kind === "act" ? [step.act] : [])).filter(({ kind }) => kind !== "log" && kind !== "continue");
  return acts.length > 0 && acts.every(isVerdict);
}

function isVerdict(act: Act): boolean {
  if (act.kind === "map") return act.entries.every((entry) => isVerdict(entry.act));
  return ["accept", "drop", "reject", "return", "jump", "goto", "continue", "log"].includes(act.kind);
}

