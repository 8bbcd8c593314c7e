/** What a chain does with every source at once: rule by rule, with the sources that are left. Linear in the rules. */
import { RulesetError } from "../errors.ts";
import type { Chain, Step, Table } from "../firewall/model.ts";
import { intersect } from "../sets/intervals.ts";
import { candidates } from "../walk/candidates.ts";
import type { Scenario } from "../walk/evaluate.ts";
import type { Flow } from "../walk/flow.ts";
import type { HostNetwork } from "../walk/network.ts";
import type { AskedLimit, ChainState, Leaf, Sources, Summary } from "./branch.ts";
import { groupLeaves } from "./group-leaves.ts";
import { readsOf } from "./reads.ts";
import type { RuleContext } from "./rule.ts";
import type { SourceClass, SplitContext } from "./split.ts";
import { walkRules } from "./walk-rules.ts";

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

/** The summary of a chain for a packet in this state, whatever its source. Throws `RulesetError` where chains lie too deep in each other. */
export function summarise(chain: Chain, state: ChainState, context: SummaryContext, depth = 0): Summary {
  if (depth > deepest) throw new RulesetError(`chain ${chain.name} lies too deep`, chain.line ?? 0);
  const reads = readsOf(chain, context.table);
  // A chain of an inet table that reads no family sees packets of both, whose sources are not the same.
  const key = `${context.flow.family}|${reads.keyOf(context, state)}`;
  let summaries = context.cache.get(chain);
  if (summaries === undefined) context.cache.set(chain, (summaries = new Map<string, Summary>()));
  const known = summaries.get(key);
  if (known !== undefined) return known;
  const limits: AskedLimit[] = [];
  const start = { sources: context.space, state, assumptions: [] };
  const leaves = walkRules(candidates(chain, context.flow, true), start, contextOfRules(context, limits, depth));
  const summary = { groups: groupLeaves(leaves, reads), limits };
  summaries.set(key, summary);
  return summary;
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
      limits.push(...limitsWithin(called.limits, branch.sources));
      return called.groups.flatMap((group): readonly Leaf[] => {
        const { exit, change, assumptions } = group;
        const sources = intersect(group.sources, branch.sources);
        return sources.length === 0 ? [] : [{ sources, exit, rule: null, through: group, state: { ...branch.state, ...change }, assumptions: [...branch.assumptions, ...assumptions] }];
      });
    },
  };
}

/** Those that are asked of these sources. */
export function limitsWithin(limits: readonly AskedLimit[], sources: Sources): readonly AskedLimit[] {
  return limits.flatMap((limit) => {
    const both = intersect(limit.sources, sources);
    return both.length === 0 ? [] : [{ ...limit, sources: both }];
  });
}

/** What rules see of a packet in this state. */
function inState(flow: Flow, { mark, connectionMark, untracked }: ChainState): Flow {
  const connection = flow.connection === null || connectionMark === null ? flow.connection : { ...flow.connection, mark: connectionMark };
  return { ...flow, mark, connection, state: untracked && connection === null && flow.state === "INVALID" ? "UNTRACKED" : flow.state };
}
