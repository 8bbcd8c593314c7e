/** Reads what iptables-save and ip6tables-save print, and files for iptables-restore. */
import { RulesetError } from "./errors.ts";
import type { Line, Rule, SaveFile, UnprintedTable } from "./model.ts";
import { type RawLine, readLines } from "./parse/lines.ts";
import { splitSections } from "./parse/sections.ts";
import { buildTable } from "./parse/table.ts";

/**
 * The rule sets of a dump, with every word of it: `printSave(parseSave(text, family))` is `text`. Throws `RulesetError` for a text
 * that iptables-restore could not load whole, first of all for a dump that ends before COMMIT: half a rule set must not be judged.
 */
export function parseSave(text: string, family: 4 | 6): SaveFile {
  const lines = [...readLines(text)];
  const tables = splitSections(lines).map((section) => buildTable(section, family));
  const rules = new Map(tables.flatMap(({ chains }) => chains.flatMap((chain) => chain.rules.map((rule) => [rule.line, rule]))));
  return { family, lines: lines.map((line) => toLine(line, rules)), tables, unprinted: lines.flatMap(readNotice) };
}

function toLine(line: RawLine, rules: ReadonlyMap<number, Rule>): Line {
  const { number, end } = line;
  if (line.kind !== "rule") return { kind: "text", number, text: line.text, end };
  const rule = rules.get(number);
  if (rule === undefined) throw new RulesetError("a rule outside every table", number);
  return { kind: "rule", number, rule, end };
}

/** The comments by which iptables-nft-save (iptables/xtables-save.c) says what it leaves out. */
function readNotice(line: RawLine): readonly UnprintedTable[] {
  if (line.kind !== "comment") return [];
  const [, table, what = ""] = /^# Table `([^']*)' (is incompatible|contains incompatible base-chains), use 'nft' tool/.exec(line.text) ?? [];
  if (table === undefined) return [];
  return [{ table, extent: what === "is incompatible" ? "incompatible" : "base-chains", line: line.number }];
}
