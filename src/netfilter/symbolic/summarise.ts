/** What a chain does with every source at once: rule by rule, with the sources that are left. Linear in the rules. */
import { RulesetError } from "../errors.ts";
import type { Chain, Rule, Step, Table } from "../firewall/model.ts";
import { intersect, subtract, uniteAll } from "../sets/intervals.ts";
import type { Scenario } from "../walk/evaluate.ts";
import type { Flow } from "../walk/flow.ts";
import type { HostNetwork } from "../walk/network.ts";
import type { AskedLimit, Branch, ChainState, Leaf, Sources, Summary, SummaryLeaf } from "./branch.ts";
import { candidates } from "./candidates.ts";
import { type Reads, readsOf } from "./reads.ts";
import { applyRule, type RuleContext } from "./rule.ts";
import type { SourceClass, SplitContext } from "./split.ts";

export interface SummaryContext {
  readonly table: Table;
  readonly flow: Flow;
  readonly symbol: bigint;
  readonly space: Sources;
  readonly classes: readonly SourceClass[];
  readonly network: HostNetwork | null;
  readonly scenario: Scenario;
  readonly isInert: (steps: readonly Step[], table: Table) => boolean;
  /** Summaries by chain and what it reads: a thousand ports differ in little. */
  readonly cache: Map<Chain, Map<string, Summary>>;
}

/** Deeper than any rule set goes; the kernel's nf_tables ends at 16. */
const deepest = 500;
/** Ways that are kept apart at once; what is beyond is unknown. */
const mostBranches = 512;

/** The summary of a chain for a packet in this state, whatever its source. Throws `RulesetError` where chains lie too deep in each other. */
export function summarise(chain: Chain, state: ChainState, context: SummaryContext, depth = 0): Summary {
  if (depth > deepest) throw new RulesetError(`chain ${chain.name} lies too deep`, chain.line ?? 0);
  const reads = readsOf(chain, context.table);
  const key = reads.keyOf(context, state);
  let summaries = context.cache.get(chain);
  if (summaries === undefined) context.cache.set(chain, (summaries = new Map<string, Summary>()));
  const known = summaries.get(key);
  if (known !== undefined) return known;
  const { leaves, limits } = walkRules(chain, state, context, depth);
  const summary = { leaves: leaves.map((leaf) => toSummaryLeaf(leaf, reads)), limits };
  summaries.set(key, summary);
  return summary;
}

/** A chain that writes marks reads them (reads.ts), so that what it does not read it lets be. */
function toSummaryLeaf({ sources, assumptions, exit, rule, state: { mark, connectionMark, untracked } }: Leaf, { fields }: Reads): SummaryLeaf {
  const change = {
    ...(fields.has("mark") ? { mark } : {}),
    ...(fields.has("connectionMark") ? { connectionMark } : {}),
    ...(fields.has("connectionState") ? { untracked } : {}),
  };
  return { sources, assumptions, exit, rule, change };
}

function walkRules(chain: Chain, state: ChainState, context: SummaryContext, depth: number): { readonly leaves: readonly Leaf[]; readonly limits: readonly AskedLimit[] } {
  const leaves: Leaf[] = [];
  const limits: AskedLimit[] = [];
  const ruleContext = contextOfRules(context, limits, depth);
  let branches: readonly Branch[] = [{ sources: context.space, state, assumptions: [] }];
  for (const rule of candidates(chain, context.flow)) {
    const applied = branches.map((branch) => applyRule(rule, branch, ruleContext));
    for (const one of applied) leaves.push(...one.leaves);
    const [only] = applied;
    branches = applied.length === 1 && only !== undefined && only.stay.length < 2 ? only.stay : mergeBranches(applied.flatMap(({ stay }) => stay));
    if (branches.length === 0) break;
    if (branches.length > mostBranches) {
      const sources = uniteAll(branches.map((branch) => branch.sources));
      leaves.push({ sources, state, assumptions: [], rule, exit: { kind: "end", end: { verdict: "unknown", reason: "too much is open to follow every way" } } });
      branches = [];
      break;
    }
  }
  leaves.push(...branches.map((branch): Leaf => ({ ...branch, exit: { kind: "through" }, rule: null })));
  return { leaves, limits };
}

function contextOfRules(context: SummaryContext, limits: AskedLimit[], depth: number): RuleContext {
  const { table, flow, symbol, classes, network, scenario } = context;
  let latest: { readonly state: ChainState; readonly flow: Flow } | null = null;
  const flowIn = (state: ChainState): Flow => {
    if (latest?.state !== state) latest = { state, flow: inState(flow, state) };
    return latest.flow;
  };
  return {
    table,
    isInert: context.isInert,
    splitContext: (rule, state): SplitContext => ({
      flow: flowIn(state), symbol, classes,
      circumstances: (sources) => ({ network, scenario, onLimit: (test, answer) => limits.push({ rule, test, answer, sources }) }),
    }),
    call: (name, branch) => {
      const chain = table.chains.get(name);
      if (chain === undefined) return null;
      const called = summarise(chain, branch.state, context, depth + 1);
      limits.push(...called.limits.flatMap((limit) => within(limit, branch.sources)));
      return called.leaves.flatMap((leaf) => within(leaf, branch.sources)).map(({ sources, assumptions, exit, rule, change }): Leaf => ({
        sources, exit, rule, state: { ...branch.state, ...change }, assumptions: [...branch.assumptions, ...assumptions],
      }));
    },
  };
}

/** The same for these sources only; none where it is about none of them. */
function within<T extends { readonly sources: Sources }>(one: T, sources: Sources): readonly T[] {
  const both = intersect(one.sources, sources);
  return both.length === 0 ? [] : [{ ...one, sources: both }];
}

/** What rules see of a packet in this state. */
export function inState(flow: Flow, { mark, connectionMark, untracked }: ChainState): Flow {
  const connection = flow.connection === null || connectionMark === null ? flow.connection : { ...flow.connection, mark: connectionMark };
  return { ...flow, mark, connection, state: untracked && connection === null && flow.state === "INVALID" ? "UNTRACKED" : flow.state };
}

/** Branches in the same state and with the same assumptions are one; a question on which the state does not hang is dropped. */
function mergeBranches(branches: readonly Branch[]): readonly Branch[] {
  const united = uniteAlike(branches);
  const dropped = dropQuestions(united);
  return dropped.length === united.length ? dropped : mergeBranches(dropped);
}

function uniteAlike(branches: readonly Branch[]): readonly Branch[] {
  const groups = new Map<string, Branch[]>();
  for (const branch of branches) {
    const key = `${JSON.stringify(branch.state)} ${keyOfAssumptions(branch.assumptions)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [branch]);
    else group.push(branch);
  }
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    return [others.length === 0 ? first : { ...first, sources: uniteAll([first, ...others].map(({ sources }) => sources)) }];
  });
}

/** Of two branches that differ in the last answer only, what they share needs no answer. */
function dropQuestions(branches: readonly Branch[]): readonly Branch[] {
  const yes = new Map<string, Branch>();
  const keyBefore = ({ state, assumptions }: Branch): string => `${JSON.stringify(state)} ${keyOfAssumptions(assumptions.slice(0, -1))} ${keyOfQuestion(assumptions.at(-1))}`;
  for (const branch of branches) if (branch.assumptions.at(-1)?.answer === true) yes.set(keyBefore(branch), branch);
  const result: Branch[] = [];
  const taken = new Map<Branch, Sources>();
  for (const branch of branches) {
    const twin = branch.assumptions.at(-1)?.answer === false ? yes.get(keyBefore(branch)) : undefined;
    const shared = twin === undefined ? [] : intersect(branch.sources, twin.sources);
    if (twin === undefined || shared.length === 0) {
      if (branch.assumptions.at(-1)?.answer !== true) result.push(branch);
      continue;
    }
    taken.set(twin, shared);
    result.push({ ...branch, sources: shared, assumptions: branch.assumptions.slice(0, -1) });
    const rest = subtract(branch.sources, shared);
    if (rest.length > 0) result.push({ ...branch, sources: rest });
  }
  for (const branch of yes.values()) {
    const rest = subtract(branch.sources, taken.get(branch) ?? []);
    if (rest.length > 0) result.push({ ...branch, sources: rest });
  }
  return result;
}

const numbers = new WeakMap<Rule, number>();
let count = 0;

function numberOf(rule: Rule): number {
  let number = numbers.get(rule);
  if (number === undefined) numbers.set(rule, (number = count++));
  return number;
}

function keyOfQuestion(assumption: Branch["assumptions"][number] | undefined): string {
  return assumption === undefined ? "" : `${numberOf(assumption.rule)}:${assumption.question.text}`;
}

function keyOfAssumptions(assumptions: Branch["assumptions"]): string {
  return assumptions.map((assumption) => `${keyOfQuestion(assumption)}=${assumption.answer}`).join();
}
