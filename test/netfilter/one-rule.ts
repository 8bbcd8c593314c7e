/** Short forms for tests: one rule, its conditions, its action. */
import { type Rule, type SaveFile, listRules, parseSave } from "../../src/netfilter/index.ts";
import type { Condition } from "../../src/netfilter/matches.ts";
import type { Action } from "../../src/netfilter/targets.ts";

/** A file with one table and these lines. */
export function fileOf(lines: readonly string[], { table = "filter", family = 4 }: { readonly table?: string; readonly family?: 4 | 6 } = {}): SaveFile {
  return parseSave([`*${table}`, ...lines, "COMMIT", ""].join("\n"), family);
}

/** `-A INPUT` and the words, where a chain named CHAIN exists. */
export function ruleOf(words: string, family: 4 | 6 = 4): Rule {
  const [rule] = listRules(fileOf([":INPUT ACCEPT [0:0]", ":CHAIN - [0:0]", `-A INPUT ${words}`], { family }));
  if (rule === undefined) throw new Error("no rule");
  return rule;
}

/** The conditions of the rule, without the positions of their words. */
export function conditionsOf(words: string, family: 4 | 6 = 4): readonly Condition[] {
  return ruleOf(words, family).matches.map(withoutTokens);
}

/** The action of the rule, without the positions of its words. */
export function actionOf(words: string, family: 4 | 6 = 4): Action | null {
  const { target } = ruleOf(words, family);
  return target === null ? null : withoutTokens(target);
}

function withoutTokens<T extends Condition | Action>(part: T & { readonly tokens: readonly number[] }): T {
  return JSON.parse(JSON.stringify({ ...part, tokens: undefined })) as T;
}
