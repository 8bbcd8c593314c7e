/** Rules and reasons of walks as evidence. */
import type { RuleSource, Walk } from "../../netfilter/index.ts";
import type { Place } from "../resource.ts";

/** Where a rule stands, in words that one can look up. */
export function placeOfRule({ origin, line, handle }: Pick<RuleSource, "origin" | "line" | "handle">): Place {
  return { source: origin.startsWith("nft") ? "nftables" : "iptables", key: line === null ? `${origin} handle ${String(handle ?? "?")}` : `${origin} line ${String(line)}` };
}

/** The rule that decided: that of the last hop, or the one whose question is open. Null where routing or a policy did. */
export function decidingRule({ verdict, hops, questions }: Walk): RuleSource | null {
  if (verdict === "unknown" || verdict === "depends") return questions.find(({ rule }) => rule !== null)?.rule?.source ?? null;
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
