/** The base chains of a hook in two rule sets, in one vocabulary of questions, so that equal limits of equal rules are one question. */
import type { Act } from "../firewall/acts.ts";
import type { Chain, Firewall, Rule, Table } from "../firewall/model.ts";
import type { Test } from "../firewall/tests.ts";
import { listStages, rulesBehind, type StagedChain, type StageChains } from "../analysis/stages.ts";

/** A hook before or behind connection tracking, as both rule sets have it. */
export interface StagePair {
  readonly stage: Pick<StageChains, "hook" | "tracked" | "family">;
  readonly before: StageSide;
  readonly after: StageSide;
}

export interface StageSide {
  readonly filters: readonly StagedChain[];
  readonly nats: readonly StagedChain[];
  readonly rules: readonly Rule[];
  /** Those that the other side has not: written otherwise, new, or gone. */
  readonly changed: ReadonlySet<Rule>;
}

/** Stages whose chains are not the same in both. */
export function pairStages(before: Firewall, after: Firewall): readonly StagePair[] {
  const tests = new Map<string, Test>();
  const [old, now] = [listStages(shareQuestions(before, tests)), listStages(shareQuestions(after, tests))];
  const keys = new Map([...old, ...now].map((stage) => [keyOf(stage), stage]));
  return [...keys].flatMap(([key, { hook, tracked, family }]): StagePair[] => {
    const [one, other] = [old, now].map((stages) => stages.find((stage) => keyOf(stage) === key));
    if (describeStage(one) === describeStage(other)) return [];
    const [rulesBefore, rulesAfter] = [rulesOf(one), rulesOf(other)];
    return [{
      stage: { hook, tracked, family },
      before: { filters: one?.filters ?? [], nats: one?.nats ?? [], rules: rulesBefore, changed: without(rulesBefore, rulesAfter) },
      after: { filters: other?.filters ?? [], nats: other?.nats ?? [], rules: rulesAfter, changed: without(rulesAfter, rulesBefore) },
    }];
  });
}

function keyOf({ hook, tracked, family }: Pick<StageChains, "hook" | "tracked" | "family">): string {
  return `${String(family)} ${hook} ${String(tracked)}`;
}

/** Stateful tests are told apart by where they stand; here the same place in both rule sets is one question. */
function shareQuestions({ tables, gaps }: Firewall, tests: Map<string, Test>): Firewall {
  return { gaps, tables: tables.map((table) => ({ ...table, chains: new Map([...table.chains].map(([name, chain]) => [name, shareInChain(table, chain, tests)])) })) };
}

function shareInChain(table: Table, chain: Chain, tests: Map<string, Test>): Chain {
  const count = new Map<string, number>();
  const share = (test: Test): Test => {
    if (test.kind === "all" || test.kind === "any") return { ...test, tests: test.tests.map(share) };
    if (test.kind === "not") return { ...test, test: share(test.test) };
    if (test.kind !== "history" && test.kind !== "chance") return test;
    const place = `${table.backend} ${table.family} ${table.name} ${chain.name} ${toText(test)}`;
    count.set(place, (count.get(place) ?? 0) + 1);
    const key = `${place} ${String(count.get(place))}`;
    const known = tests.get(key) ?? test;
    tests.set(key, known);
    return known;
  };
  const shareInAct = (act: Act): Act => (act.kind === "map" ? { ...act, entries: act.entries.map(({ when, act: one }) => ({ when: when.map(share), act: shareInAct(one) })) } : act);
  const rules = chain.rules.map((rule): Rule => ({ ...rule, steps: rule.steps.map((step) => (step.kind === "test" ? { ...step, test: share(step.test) } : { ...step, act: shareInAct(step.act) })) }));
  return { ...chain, rules };
}

function rulesOf(stage: StageChains | undefined): readonly Rule[] {
  return stage === undefined ? [] : [...new Set([...stage.filters, ...stage.nats].flatMap(rulesBehind))];
}

function without(rules: readonly Rule[], others: readonly Rule[]): ReadonlySet<Rule> {
  const left = new Map<string, number>();
  for (const other of others) left.set(identify(other), (left.get(identify(other)) ?? 0) + 1);
  return new Set(rules.filter((rule) => {
    const count = left.get(identify(rule)) ?? 0;
    left.set(identify(rule), count - 1);
    return count <= 0;
  }));
}

const identities = new WeakMap<Rule, string>();

/** Equal for rules that do the same in the same chain. */
function identify(rule: Rule): string {
  const { backend, family, table, chain } = rule.source;
  const known = identities.get(rule) ?? `${backend} ${family} ${table} ${chain} ${toText(rule.steps)}`;
  identities.set(rule, known);
  return known;
}

/** Equal for stages that do the same with every packet because they say the same. */
function describeStage(stage: StageChains | undefined): string {
  if (stage === undefined) return "";
  return [...stage.filters, ...stage.nats].map((staged) => `${staged.table.backend} ${staged.table.name} ${toText(staged.chain.base)}\n${rulesBehind(staged).map(identify).join("\n")}`).join("\n\n");
}

function toText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? `${part.toString(16)}n` : part));
}
