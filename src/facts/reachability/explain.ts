/** What decided the fate of a packet, for a reader who wants to look it up. */
import type { Walk } from "../../netfilter/index.ts";
import { isUndecided, sayReason, sayRule } from "../exposure/evidence.ts";

/**
 * `iptables-nft-save line 30: -A DOCKER … -j ACCEPT`, `policy accept of filter FORWARD`, or the reason in words. What is translated afterwards decides
 * nothing: of a packet that arrives it is the last word of a filter, if one has a say.
 */
export function explainFate(walk: Walk): string {
  if (isUndecided(walk)) return sayReason(walk);
  const last = walk.verdict === "accept" ? walk.hops.findLast(({ hook, table }) => (hook === "forward" || hook === "input") && table !== "nat") : walk.hops.at(-1);
  if (last === undefined) return walk.hops.findLast(({ hook }) => hook === "bridge" || hook === "routing")?.why ?? sayReason(walk);
  if (last.source !== null) return sayRule(last.source);
  return last.table === null || last.chain === null ? last.why : `${last.action} of ${last.table} ${last.chain}`;
}
