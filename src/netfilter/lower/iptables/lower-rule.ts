/** Lowers one rule: its conditions in order, then what it does. */
import type { Rule, Step } from "../../firewall/model.ts";
import type { Match } from "../../matches.ts";
import type * as Save from "../../model.ts";
import { printRule } from "../../print.ts";
import { isVacuous } from "../../identity.ts";
import { lowerCondition } from "./conditions.ts";
import { lowerTarget } from "./targets.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * The rule as steps. Conditions that every packet meets are left out. What the IP header itself says is asked first, as the kernel does
 * (ip_packet_match): only what passes it counts against a limit.
 */
export function lowerRule(rule: Save.Rule, surroundings: Surroundings): Rule {
  const { backend, family, origin } = surroundings;
  const asked = rule.matches.filter((match) => !isVacuous(match));
  const tests = [...asked.filter(isBasic), ...asked.filter((match) => !isBasic(match))].map((match): Step => ({ kind: "test", test: lowerCondition(match, wordsOf(rule, match.tokens), surroundings) }));
  return {
    source: {
      backend, family, origin,
      table: rule.table,
      chain: rule.chain,
      index: rule.index,
      line: rule.line,
      handle: null,
      text: printRule(rule).trim().replace(/^\[\d+:\d+\] /, ""),
      packets: rule.counters?.packets ?? null,
      bytes: rule.counters?.bytes ?? null,
    },
    steps: rule.target === null ? tests : [...tests, { kind: "act", act: lowerTarget(rule.target, wordsOf(rule, rule.target.tokens)) }],
  };
}

function isBasic({ kind }: Match): boolean {
  return ["source", "destination", "in-interface", "out-interface", "protocol", "fragment"].includes(kind);
}

function wordsOf(rule: Save.Rule, positions: readonly number[]): string {
  return positions.map((position) => rule.tokens[position]?.raw ?? "").join(" ");
}
