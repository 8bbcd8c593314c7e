/** Puts what was read of one network namespace together to one firewall. */
import type { Chain, Firewall, Gap, Rule, Table } from "../firewall/model.ts";
import type { Test } from "../firewall/tests.ts";
import type { Act } from "../firewall/acts.ts";

/**
 * The dumps of iptables (lower/iptables) of both back ends and families, and what nft tells (lower/nft; null where it was not read). The
 * tables of iptables on nf_tables stand in both: they are taken once.
 */
export function assembleFirewall(dumps: readonly Firewall[], native: Firewall | null, gaps: readonly Gap[] = []): Firewall {
  const printed = dumps.flatMap(({ tables }) => tables);
  const twins = new Map((native?.tables ?? []).map((table) => [keyOf(table), table]));
  const tables = printed.map((table) => {
    const twin = table.backend === "nft" ? twins.get(keyOf(table)) : undefined;
    return twin === undefined ? table : mergeTwins(table, twin);
  });
  const taken = new Set(printed.filter(({ backend }) => backend === "nft").map(keyOf));
  const others = (native?.tables ?? []).filter((table) => !taken.has(keyOf(table)));
  // What iptables could not print nft did.
  const left = native === null ? dumps.flatMap((dump) => dump.gaps) : [];
  return { tables: [...tables, ...others], gaps: [...left, ...(native?.gaps ?? []), ...gaps] };
}

function keyOf({ family, name }: Table): string {
  return `${family} ${name}`;
}

/**
 * iptables-save leaves out of a rule what it has no word for, and nft what xtables extensions do: a rule that nft shows whole is taken from
 * there, the others as iptables prints them. Where the two do not have the same rules, they were not read at the same moment.
 */
function mergeTwins(printed: Table, native: Table): Table {
  const chains = [...printed.chains.values()].map((chain) => {
    const twin = native.chains.get(chain.name);
    return twin === undefined || twin.rules.length !== chain.rules.length ? chain : mergeChains(chain, twin);
  });
  const further = [...native.chains.values()].filter(({ name }) => !printed.chains.has(name));
  return { ...printed, chains: new Map([...chains, ...further].map((chain) => [chain.name, chain])) };
}

function mergeChains(printed: Chain, native: Chain): Chain {
  return { ...printed, rules: printed.rules.map((rule, index) => pick(rule, native.rules[index] ?? rule)) };
}

/** Source and text stay those of the dump, which has lines. */
function pick(printed: Rule, native: Rule): Rule {
  return isOpaqueRule(native) ? printed : { ...printed, steps: native.steps };
}

function isOpaqueRule({ steps }: Rule): boolean {
  return steps.some((step) => (step.kind === "test" ? isOpaqueTest(step.test) : isOpaqueAct(step.act)));
}

function isOpaqueAct(act: Act): boolean {
  if (act.kind === "map") return act.entries.some((entry) => entry.when.some(isOpaqueTest) || isOpaqueAct(entry.act));
  return act.kind === "opaque";
}

function isOpaqueTest(test: Test): boolean {
  if (test.kind === "all" || test.kind === "any") return test.tests.some(isOpaqueTest);
  return test.kind === "not" ? isOpaqueTest(test.test) : test.kind === "opaque";
}
