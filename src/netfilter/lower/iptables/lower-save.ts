/** Lowers a dump of iptables-save or ip6tables-save into the tables of a firewall. */
import type { BaseChain, Chain, Firewall, Gap, Hook, Table, TableFamily } from "../../firewall/model.ts";
import type * as Save from "../../model.ts";
import { findPriority, priorities } from "./hooks.ts";
import { lowerRule } from "./lower-rule.ts";
import { refuseCycles } from "./refuse-cycles.ts";
import { refuseUnloadable } from "./refuse-unloadable.ts";
import type { SetReader } from "./surroundings.ts";

export interface SaveOrigin {
  readonly backend: "legacy" | "nft";
  /** What its rules are said to stand in: a file, or the program that printed it. */
  readonly name: string;
  readonly sets: SetReader;
}

/**
 * The tables of one dump. A table that iptables-nft-save could not print is a gap. Throws `RulesetError` with line and origin for tables and chains that the kernel would
 * not load, and for chains that jump to each other in a circle.
 */
export function lowerSave(file: Save.SaveFile, origin: SaveOrigin): Firewall {
  const family = file.family === 4 ? "ip" : "ip6";
  return {
    tables: file.tables.map((table) => lowerTable(table, family, origin)),
    gaps: file.unprinted.filter(({ extent }) => extent === "incompatible").flatMap((notice) => gapsOf(notice, file.family, origin.name)),
  };
}

function lowerTable(table: Save.Table, family: TableFamily & ("ip" | "ip6"), origin: SaveOrigin): Table {
  refuseUnloadable(table, origin.name);
  refuseCycles(table, origin.name);
  const surroundings = { backend: origin.backend, family, origin: origin.name, sets: origin.sets };
  const chains = table.chains.map((chain): Chain => ({
    name: chain.name,
    base: chain.builtin ? findBase(table.name, chain) : null,
    rules: chain.rules.map((rule) => lowerRule(rule, surroundings)),
    line: chain.line,
  }));
  return { backend: origin.backend, family, name: table.name, chains: new Map(chains.map((chain) => [chain.name, chain])) };
}

/** Null for a chain that iptables does not have. */
function findBase(table: string, { name, policy }: Save.Chain): BaseChain | null {
  const found = findPriority(table, name);
  if (found === null) return null;
  return { ...found, type: table === "nat" ? "nat" : table === "mangle" && name === "OUTPUT" ? "route" : "filter", policy: policy === "DROP" ? "drop" : "accept" };
}

function gapsOf({ table }: Save.UnprintedTable, family: 4 | 6, origin: string): readonly Gap[] {
  const reason = `${origin} could not print table ${table}`;
  const known = Object.keys(priorities.get(table) ?? {}) as Hook[];
  if (known.length === 0) return [{ family, hook: null, reason }];
  return known.map((hook) => ({ family, hook, reason }));
}
