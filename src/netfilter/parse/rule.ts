/** Builds a rule: its conditions and its target, with the words that state them. */
import type { Condition, Match } from "../matches.ts";
import type { Counters, Rule, Token } from "../model.ts";
import type { Action, Target } from "../targets.ts";
import { buildBasic } from "./basic.ts";
import { findMatchExtension, findTarget } from "./extensions.ts";
import { type Extension, Unmodelled } from "./given.ts";
import type { Head } from "./head.ts";
import { toCounters } from "./lines.ts";
import { type ExtensionPart, type Part, groupOptions } from "./options.ts";
import type { Words } from "./words.ts";

/** What a rule is built in: its file's family, its table and the chains of that table. */
export interface Surroundings {
  readonly family: 4 | 6;
  readonly table: string;
  readonly chains: ReadonlySet<string>;
}

/** The rule at `index` of its chain. */
export function buildRule(head: Head, words: Words, line: number, index: number, surroundings: Surroundings): Rule {
  const { tokens, after } = words;
  const parts = groupOptions(tokens, head.next, line, surroundings.chains);
  const target = parts.find(isTarget);
  return {
    table: surroundings.table,
    chain: head.chain,
    line,
    index,
    counters: head.counters ?? suffixCounters(parts),
    tokens,
    after,
    matches: parts.filter((part) => part !== target && !isCounters(part)).map((part) => buildMatch(part, tokens, surroundings.family)),
    target: target === undefined ? null : buildTarget(target, tokens, surroundings),
  };
}

function isTarget(part: Part): part is ExtensionPart {
  return part.kind === "target" || part.kind === "goto";
}

function isCounters(part: Part): boolean {
  return part.kind === "basic" && part.option.name === "set-counters";
}

/** `-c PACKETS BYTES`, as `iptables -S -v` prints them. */
function suffixCounters(parts: readonly Part[]): Counters | null {
  const part = parts.find(isCounters);
  return part?.kind === "basic" ? toCounters(part.option.values[0], part.option.values[1]) : null;
}

function buildMatch(part: Part, tokens: readonly Token[], family: 4 | 6): Match {
  const name = part.kind === "basic" ? part.option.name : part.name;
  const condition = ifModelled((): Condition => (part.kind === "basic" ? buildBasic(part.option) : build(findMatchExtension(name), part, family)));
  return { ...(condition ?? { kind: "opaque", extension: name, words: wordsOf(part, tokens) }), tokens: part.tokens };
}

function buildTarget(part: ExtensionPart, tokens: readonly Token[], surroundings: Surroundings): Target {
  const action = ifModelled(() => toAction(part, surroundings));
  return { ...(action ?? { kind: "opaque", extension: part.name, words: wordsOf(part, tokens) }), tokens: part.tokens };
}

function toAction(part: ExtensionPart, { family, chains }: Surroundings): Action {
  const { name } = part;
  const target = part.kind === "goto" ? "chain" : findTarget(name, chains);
  if (target !== "chain") return build(target, part, family);
  if (!chains.has(name) || !part.understood) throw new Unmodelled(name);
  return { kind: part.kind === "goto" ? "goto" : "jump", chain: name };
}

function build<T>(extension: Extension<T> | null, part: ExtensionPart, family: 4 | 6): T {
  if (extension === null || !part.understood) throw new Unmodelled(part.name);
  return extension.build(part.options, family);
}

function ifModelled<T>(attempt: () => T): T | null {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof Unmodelled) return null;
    throw error;
  }
}

function wordsOf(part: Part, tokens: readonly Token[]): readonly string[] {
  return part.tokens.map((position) => tokens[position]?.value ?? "");
}
