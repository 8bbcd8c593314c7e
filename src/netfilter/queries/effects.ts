/** Which rules of a chain decide anything. */
import { isUnconditional } from "../identity.ts";
import type { Chain, Rule } from "../model.ts";

export interface Effects {
  /** Rules that can accept, drop, reject or do something unknown, themselves or in a chain that they jump to. */
  readonly effective: readonly Rule[];
  /** Rules behind one that every packet leaves the chain by: never met. */
  readonly dead: readonly Rule[];
}

/**
 * What the rules of a chain can do. RETURN changes nothing, wherever it stands, for a chain in which nothing else decides; neither
 * does LOG, which only notes, nor a mark, nor a rule without target.
 */
export function findEffects(chains: ReadonlyMap<string, Chain>, name: string): Effects {
  const { live, dead } = splitAtEnd(chains.get(name)?.rules ?? []);
  const deciding = findDecidingChains(chains);
  return { effective: live.filter((rule) => decides(rule, deciding)), dead };
}

/** Names of all chains in which some live rule decides, or jumps to one of them. Grows a set until nothing is added. */
function findDecidingChains(chains: ReadonlyMap<string, Chain>): ReadonlySet<string> {
  const live = [...chains.values()].map(({ name, rules }) => ({ name, rules: splitAtEnd(rules).live }));
  const callers = new Map<string, string[]>();
  for (const { name, rules } of live) {
    for (const { target } of rules) {
      if (target?.kind !== "jump" && target?.kind !== "goto") continue;
      const known = callers.get(target.chain);
      if (known === undefined) callers.set(target.chain, [name]);
      else known.push(name);
    }
  }
  const deciding = new Set<string>();
  const open = live.filter(({ rules }) => rules.some((rule) => decides(rule, deciding))).map(({ name }) => name);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (deciding.has(name)) continue;
    deciding.add(name);
    open.push(...(callers.get(name) ?? []));
  }
  return deciding;
}

function decides({ target }: Rule, deciding: ReadonlySet<string>): boolean {
  if (target?.kind === "jump" || target?.kind === "goto") return deciding.has(target.chain);
  return target !== null && ["accept", "drop", "reject", "queue", "synproxy", "opaque"].includes(target.kind);
}

function splitAtEnd(rules: readonly Rule[]): { readonly live: readonly Rule[]; readonly dead: readonly Rule[] } {
  const end = rules.findIndex((rule) => isUnconditional(rule) && leavesChain(rule));
  return end === -1 ? { live: rules, dead: [] } : { live: rules.slice(0, end + 1), dead: rules.slice(end + 1) };
}

function leavesChain({ target }: Rule): boolean {
  return target !== null && ["accept", "drop", "reject", "queue", "return", "goto"].includes(target.kind);
}
