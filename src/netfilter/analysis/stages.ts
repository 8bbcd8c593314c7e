/** The base chains of a hook in their order, before connection tracking and behind it. */
import type { Chain, Firewall, Hook, Rule, Table } from "../firewall/model.ts";
import type { Stage } from "./universe.ts";

export interface StagedChain {
  readonly table: Table;
  readonly chain: Chain;
}

export interface StageChains extends Stage {
  readonly family: 4 | 6;
  /** By priority. Chains of type nat are none of these: they decide nothing about whether packets pass. */
  readonly filters: readonly StagedChain[];
  readonly nats: readonly StagedChain[];
}

const HOOKS: readonly Hook[] = ["prerouting", "input", "forward", "output", "postrouting"];
/** NF_IP_PRI_CONNTRACK. */
const CONNTRACK_PRIORITY = -200;

/** Stages that have chains, in the order of a packet's way. */
export function listStages({ tables }: Firewall): readonly StageChains[] {
  return ([4, 6] as const).flatMap((family) => {
    const own = tables.filter((table) => table.family === "inet" || table.family === (family === 4 ? "ip" : "ip6"));
    const placed = own.flatMap((table) => [...table.chains.values()].flatMap((chain) => (chain.base === null ? [] : [{ table, chain, base: chain.base }])));
    return HOOKS.flatMap((hook) =>
      [false, true].flatMap((tracked): StageChains[] => {
        const here = placed.filter(({ base }) => base.hook === hook && isTracked(hook, base.priority) === tracked).sort((a, b) => a.base.priority - b.base.priority);
        if (here.length === 0) return [];
        return [{ hook, tracked, family, filters: here.filter(({ base }) => base.type !== "nat"), nats: here.filter(({ base }) => base.type === "nat") }];
      }),
    );
  });
}

/** Other hooks come behind these two. */
function isTracked(hook: Hook, priority: number): boolean {
  return (hook !== "prerouting" && hook !== "output") || priority > CONNTRACK_PRIORITY;
}

/** All rules that packets of the chain may meet. */
export function rulesBehind({ table, chain }: StagedChain): readonly Rule[] {
  const met = new Set<Chain>();
  const open = [chain];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (met.has(one)) continue;
    met.add(one);
    for (const target of one.rules.flatMap(targetsOf)) {
      const next = table.chains.get(target);
      if (next !== undefined) open.push(next);
    }
  }
  return [...met].flatMap(({ rules }) => rules);
}

/** Names of chains to which these rules, all of one table, lead in more than one way. */
export function repeatedChains(rules: readonly Rule[]): ReadonlySet<string> {
  const leading = rules.map((rule) => ({ from: rule.source.chain, targets: targetsOf(rule) }));
  const met = new Set<string>();
  const repeated = new Set<string>();
  for (const target of leading.flatMap(({ targets }) => targets)) {
    if (met.has(target)) repeated.add(target);
    met.add(target);
  }
  const byChain = new Map<string, string[]>();
  for (const { from, targets } of leading) {
    const known = byChain.get(from);
    if (known === undefined) byChain.set(from, [...targets]);
    else known.push(...targets);
  }
  for (const chain of repeated) for (const target of byChain.get(chain) ?? []) repeated.add(target);
  return repeated;
}

/** Chains that a rule leads to. */
export function targetsOf({ steps }: Rule): readonly string[] {
  return steps.flatMap((step) => {
    if (step.kind === "test") return [];
    const acts = step.act.kind === "map" ? step.act.entries.map(({ act }) => act) : [step.act];
    return acts.flatMap((act) => (act.kind === "jump" || act.kind === "goto" ? [act.chain] : []));
  });
}
