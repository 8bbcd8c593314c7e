/** Whether two rules do the same, however they were written. */
import type { Match } from "./matches.ts";
import type { Rule } from "./model.ts";

/**
 * Equal for rules of one family that stand in the same chain, match the same packets and do the same with them. Comments, counters,
 * spelling, implicit `-m` and the order of conditions do not count; what is opaque counts word by word.
 */
export function identifyRule(rule: Rule): string {
  const conditions = rule.matches.filter((match) => !isVacuous(match)).map(withoutTokens).sort();
  return JSON.stringify([rule.table, rule.chain, conditions, rule.target === null ? null : withoutTokens(rule.target)]);
}

/** Whether every packet meets the condition. iptables-save leaves most of these out. */
export function isVacuous(match: Match): boolean {
  if (match.kind === "comment") return true;
  if (match.kind === "source" || match.kind === "destination") return !match.negated && match.networks.some(({ mask }) => mask === 0);
  if (match.kind === "in-interface" || match.kind === "out-interface") return !match.negated && match.wildcard && match.name === "";
  if (match.kind === "protocol") return !match.negated && match.number === 0;
  if (match.kind !== "tcp" && match.kind !== "udp" && match.kind !== "sctp") return false;
  return [match.sourcePorts, match.destinationPorts, match.flags, match.option, match.chunks].every((condition) => condition === null);
}

/** Whether the rule applies to every packet that reaches it. */
export function isUnconditional(rule: Rule): boolean {
  return rule.matches.every(isVacuous);
}

function withoutTokens(part: { readonly tokens: readonly number[] }): string {
  return JSON.stringify(part, (key, value: unknown) => (key === "tokens" ? undefined : value));
}
