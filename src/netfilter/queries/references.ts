/** Rules as evidence: where they stand and how they read. */
import type { Rule, SaveFile, Table } from "../model.ts";
import { printRule } from "../print.ts";

export interface RuleReference {
  readonly table: string;
  readonly chain: string;
  /** Place in the chain, from 1. */
  readonly index: number;
  /** Line of the dump, from 1. */
  readonly line: number;
  readonly text: string;
}

/** The reference to a rule. */
export function referTo(rule: Rule): RuleReference {
  return { table: rule.table, chain: rule.chain, index: rule.index, line: rule.line, text: printRule(rule).trim() };
}

/** The table of that name; null if the dump has none. */
export function findTable(file: SaveFile, name: string): Table | null {
  return file.tables.find((table) => table.name === name) ?? null;
}

/** All rules, table by table and chain by chain. */
export function listRules(file: SaveFile): readonly Rule[] {
  return file.tables.flatMap(({ chains }) => chains.flatMap(({ rules }) => rules));
}
