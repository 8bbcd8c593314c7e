/** What an iptables-save dump holds of ours. */
import { parseSave, printRule, RulesetError, type Rule } from "../../netfilter/index.ts";
import type { SaveDump } from "../../snapshot/model.ts";
import { isOwnChain, JUMPS, type Jump } from "./iptables-rules.ts";

export interface OwnRules {
  /** Our chains and the jumps to them as iptables-save prints them, without counters; null if there are none. */
  readonly text: string | null;
  readonly missingJumps: readonly Jump[];
}

/** Reads a dump of the back end that holds Docker's chains. A dump that cannot be read holds nothing of ours as far as can be told. */
export function findOwnRules({ text, family }: SaveDump): OwnRules {
  const rules = readFilterRules(text ?? "", family === "v4" ? 4 : 6);
  const own = rules.filter((rule) => isOwnChain(rule.chain) || JUMPS.some((jump) => isJump(rule, jump)));
  const lines = own.map((rule) => `${printRule(rule).replace(/^\[\d+:\d+\] /, "")}\n`);
  return { text: lines.length === 0 ? null : lines.join(""), missingJumps: JUMPS.filter((jump) => !rules.some((rule) => isJump(rule, jump))) };
}

function readFilterRules(text: string, family: 4 | 6): readonly Rule[] {
  try {
    return parseSave(text, family).tables.filter(({ name }) => name === "filter").flatMap(({ chains }) => chains.flatMap(({ rules }) => rules));
  } catch (error) {
    if (error instanceof RulesetError) return [];
    throw error;
  }
}

function isJump({ chain, target, matches }: Rule, { from, to }: Jump): boolean {
  return chain === from && matches.length === 0 && target?.kind === "jump" && target.chain === to;
}
