/** A rule set made ready to be walked: which base chains each hook calls, and which chains decide nothing. */
import type { Act } from "../firewall/acts.ts";
import type { BaseChain, Chain, Firewall, Gap, Hook, Rule, Step, Table } from "../firewall/model.ts";

export interface Prepared {
  readonly firewall: Firewall;
  readonly hook: (family: 4 | 6, hook: Hook) => HookChains;
  /** Whether the rest of a rule can change nothing that is followed: it logs, counts, or jumps to chains that do no more. */
  readonly isInert: (steps: readonly Step[], table: Table) => boolean;
}

export interface HookChains {
  /** By priority. */
  readonly filters: readonly PlacedChain[];
  /** Chains of type nat by their own priority. */
  readonly nats: readonly PlacedChain[];
  readonly gaps: readonly Gap[];
}

export interface PlacedChain {
  readonly table: Table;
  readonly chain: Chain;
  readonly base: BaseChain;
}

/** Everything that the walks ask of a rule set again and again. */
export function prepareFirewall(firewall: Firewall): Prepared {
  const hooks = new Map<string, HookChains>();
  for (const family of [4, 6] as const) for (const hook of walkedHooks) hooks.set(`${hook}${family}`, findHook(firewall, family, hook));
  const inert = new Map(firewall.tables.map((table) => [table, findInertChains(table)]));
  return {
    firewall,
    hook: (family, hook) => hooks.get(`${hook}${family}`) ?? nothing,
    isInert: (steps, table) => steps.every((step) => step.kind === "test" || isInertAct(step.act, inert.get(table) ?? new Set())),
  };
}

const walkedHooks: readonly Hook[] = ["prerouting", "input", "forward", "output", "postrouting"];

const nothing: HookChains = { filters: [], nats: [], gaps: [] };

function findHook(firewall: Firewall, family: 4 | 6, hook: Hook): HookChains {
  const own = firewall.tables.filter((table) => table.family === "inet" || table.family === (family === 4 ? "ip" : "ip6"));
  const placed = own.flatMap((table) => [...table.chains.values()].flatMap((chain) => (chain.base?.hook === hook ? [{ table, chain, base: chain.base }] : [])));
  const sorted = placed.sort((a, b) => a.base.priority - b.base.priority);
  return {
    filters: sorted.filter(({ base }) => base.type !== "nat"),
    nats: sorted.filter(({ base }) => base.type === "nat"),
    gaps: firewall.gaps.filter((gap) => (gap.hook === null || gap.hook === hook) && (gap.family === null || gap.family === family)),
  };
}

/** All but the chains that act, and those from which they are reached. */
function findInertChains({ chains }: Table): ReadonlySet<string> {
  const callers = new Map<string, string[]>();
  const open: string[] = [];
  for (const { name, rules } of chains.values()) {
    if (rules.some((rule) => actsOf(rule).some((act) => isActive(act)))) open.push(name);
    for (const target of rules.flatMap(targetsOf)) {
      const known = callers.get(target);
      if (known === undefined) callers.set(target, [name]);
      else known.push(name);
    }
  }
  const active = new Set<string>();
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (active.has(name)) continue;
    active.add(name);
    open.push(...(callers.get(name) ?? []));
  }
  return new Set([...chains.keys()].filter((name) => !active.has(name)));
}

/** Seen from the rule that jumps to a chain, a RETURN or goto in it is a way of doing nothing. */
function isActive(act: Act): boolean {
  if (act.kind === "map") return act.entries.some((entry) => isActive(entry.act));
  return !["log", "continue", "return", "jump", "goto"].includes(act.kind);
}

function isInertAct(act: Act, inert: ReadonlySet<string>): boolean {
  if (act.kind === "map") return act.entries.every((entry) => isInertAct(entry.act, inert));
  return act.kind === "log" || act.kind === "continue" || (act.kind === "jump" && inert.has(act.chain));
}

function actsOf({ steps }: Rule): readonly Act[] {
  return steps.flatMap((step) => (step.kind === "act" ? [step.act] : []));
}

function targetsOf(rule: Rule): readonly string[] {
  return actsOf(rule).flatMap(targetsOfAct);
}

function targetsOfAct(act: Act): readonly string[] {
  if (act.kind === "map") return act.entries.flatMap((entry) => targetsOfAct(entry.act));
  return act.kind === "jump" || act.kind === "goto" ? [act.chain] : [];
}
