/** How much a dump holds. Tables are no measure: asking for a table with iptables-legacy -L creates it empty. */
import type { SaveFile } from "../model.ts";

export interface RuleCount {
  readonly table: string;
  readonly rules: number;
}

/** Rules in each table of the dump. */
export function countRules(file: SaveFile): readonly RuleCount[] {
  return file.tables.map(({ name, chains }) => ({ table: name, rules: chains.reduce((sum, { rules }) => sum + rules.length, 0) }));
}

/** Whether the dump changes no packet's fate: no rules, every policy ACCEPT, and no table that the tool could not print. */
export function isEmptyRuleset(file: SaveFile): boolean {
  return (
    file.unprinted.length === 0 &&
    countRules(file).every(({ rules }) => rules === 0) &&
    file.tables.every(({ chains }) => chains.every(({ policy }) => policy === null || policy === "ACCEPT"))
  );
}
