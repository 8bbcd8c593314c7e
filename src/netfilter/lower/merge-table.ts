/** A table of iptables-nft as both tools tell it. Each leaves something out: nft the parameters of extensions, iptables-nft-save what iptables has no words for. */
import type { Chain, Gap, Rule, Step, Table } from "../firewall/model.ts";
import type { Test } from "../firewall/tests.ts";

export interface Merged {
  readonly table: Table;
  readonly gaps: readonly Gap[];
}

/** `listed` is the table as nft lists it; null if it does not, since it came to be or went between the two readings. */
export function mergeTable(printed: Table, listed: Table | null): Merged {
  if (listed === null) return { table: printed, gaps: [] };
  const names = new Set([...printed.chains.keys(), ...listed.chains.keys()]);
  const gaps: Gap[] = [];
  const chains = [...names].map((name): [string, Chain] => {
    const [ours, theirs] = [printed.chains.get(name), listed.chains.get(name)];
    if (ours === undefined || theirs === undefined) return [name, ours ?? theirs ?? { name, base: null, rules: [], line: null }];
    const rules = mergeRules(ours.rules, theirs.rules);
    if (rules === null) gaps.push(gapOf(printed, ours));
    return [name, { ...ours, base: theirs.base ?? ours.base, rules: rules ?? ours.rules }];
  });
  return { table: { ...printed, chains: new Map(chains) }, gaps };
}

function gapOf({ family, name }: Table, chain: Chain): Gap {
  return {
    family: family === "ip" ? 4 : 6,
    hook: chain.base?.hook ?? null,
    reason: `iptables-nft-save and nft tell different rules of chain ${chain.name} in table ${name}: they changed while they were read`,
  };
}

/** Both tell every rule, in the same order. Null where their numbers differ. */
function mergeRules(printed: readonly Rule[], listed: readonly Rule[]): readonly Rule[] | null {
  if (printed.length !== listed.length) return null;
  return printed.map((rule, index) => chooseRule(rule, listed[index] ?? rule));
}

/** The rule as printed, unless nft knows all of it and says something else. */
function chooseRule(printed: Rule, listed: Rule): Rule {
  if (listed.steps.some(isOpaque) || describe(printed) === describe(listed)) return printed;
  return { ...listed, source: { ...listed.source, backend: "nft", line: printed.source.line, origin: printed.source.origin } };
}

function isOpaque(step: Step): boolean {
  return step.kind === "test" ? hasOpaque(step.test) : step.act.kind === "opaque";
}

function hasOpaque(test: Test): boolean {
  if (test.kind === "all" || test.kind === "any") return test.tests.some(hasOpaque);
  return test.kind === "not" ? hasOpaque(test.test) : test.kind === "opaque";
}

/** Equal for rules that ask and do the same. */
function describe({ steps }: Rule): string {
  const tests = steps.flatMap((step) => (step.kind === "test" ? flatten(step.test) : [])).filter((test) => !isImplied(test));
  const acts = steps.flatMap((step) => (step.kind === "act" ? [step.act] : []));
  return JSON.stringify([[...new Set(tests.map(toText))].sort(), acts.map(toText)]);
}

function flatten(test: Test): readonly Test[] {
  return test.kind === "all" ? test.tests.flatMap(flatten) : [test];
}

/** The family of the table, and bounds that every value keeps. */
function isImplied(test: Test): boolean {
  return test.kind === "number" && (test.field === "family" || (test.set.length === 2 && test.set[0] === 0 && [256, 65536].includes(test.set[1] ?? 0)));
}

/** Without the words that a limit was written in, and whatever the order of the keys. */
function toText(value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) => {
    if (key === "text") return undefined;
    if (typeof part === "bigint") return part.toString();
    return typeof part === "object" && part !== null && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part;
  });
}
