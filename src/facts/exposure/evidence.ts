/** Rules and reasons of walks as evidence. */
import type { RuleSource, Walk } from "../../netfilter/index.ts";
import type { Place } from "../resource.ts";

/** Where a rule stands, in words that one can look up. */
export function placeOfRule({ origin, line, handle }: Pick<RuleSource, "origin" | "line" | "handle">): Place {
  return { source: origin.startsWith("nft") ? "nftables" : "iptables", key: line === null ? `${origin} handle ${String(handle ?? "?")}` : `${origin} line ${String(line)}` };
}

/** Whether it is open what becomes of the packet: something that decides was not understood, or is a matter of history or chance. */
export function isUndecided({ verdict }: Pick<Walk, "verdict">): boolean {
  return verdict === "unknown" || verdict === "depends";
}

/** The rule that decided: that of the last hop, or the one whose question is open. Null where routing or a policy did. */
export function decidingRule(walk: Walk): RuleSource | null {
  const { hops, questions } = walk;
  if (isUndecided(walk)) return questions.find(({ rule }) => rule !== null)?.rule?.source ?? null;
  return hops.at(-1)?.source ?? null;
}

/** `iptables-nft-save line 12: -A …`, or the walk's reason. */
export function sayReason(walk: Walk): string {
  const rule = decidingRule(walk);
  if (rule === null) return walk.reason ?? walk.verdict;
  return sayRule(rule);
}

/** `iptables-nft-save line 12: -A …`. */
export function sayRule(rule: RuleSource): string {
  const place = placeOfRule(rule);
  return `${"key" in place ? place.key : place.file}: ${rule.text}`;
}
