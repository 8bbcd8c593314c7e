/** Builds a table: chains in the order of the file, each with its rules. */
import { RulesetError } from "../errors.ts";
import type { Chain, Table } from "../model.ts";
import { type Head, readHead } from "./head.ts";
import { buildRule } from "./rule.ts";
import type { ChainLine, RuleLine, Section } from "./sections.ts";

/** The table of a section; a chain that only rules name comes behind those that are declared. */
export function buildTable(section: Section, family: 4 | 6): Table {
  const drafts = new Map<string, Draft>();
  for (const declared of section.chains) declareChain(drafts, declared);
  for (const line of section.rules) addRule(drafts, line);
  const surroundings = { family, table: section.name, chains: new Set(drafts.keys()) };
  const chains = [...drafts].map(([name, { declared, rules }]): Chain => ({
    name,
    builtin: declared === null ? builtinNames.has(name) : declared.policy !== null,
    policy: declared?.policy ?? null,
    counters: declared?.counters ?? null,
    line: declared?.number ?? null,
    rules: rules.map(({ head, line }, place) => buildRule(head, line.words, line.number, place + 1, surroundings)),
  }));
  return { name: section.name, line: section.line, chains };
}

/** Names that the kernel gives; in a file for `--noflush` they need no declaration. */
const builtinNames: ReadonlySet<string> = new Set(["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"]);

interface Draft {
  readonly declared: ChainLine | null;
  readonly rules: { readonly head: Head; readonly line: RuleLine }[];
}

function declareChain(drafts: Map<string, Draft>, declared: ChainLine): void {
  if (drafts.has(declared.name)) throw new RulesetError(`chain ${declared.name} is declared twice`, declared.number);
  drafts.set(declared.name, { declared, rules: [] });
}

function addRule(drafts: Map<string, Draft>, line: RuleLine): void {
  const head = readHead(line.words.tokens, line.number);
  const draft = drafts.get(head.chain) ?? { declared: null, rules: [] };
  drafts.set(head.chain, draft);
  const place = head.place ?? draft.rules.length + 1;
  if (place > draft.rules.length + 1) throw new RulesetError(`chain ${head.chain} has no place ${place} to insert at`, line.number);
  draft.rules.splice(place - 1, 0, { head, line });
}
