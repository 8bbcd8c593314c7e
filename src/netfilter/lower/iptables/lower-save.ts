/** Lowers a dump of iptables-save or ip6tables-save into the tables of a firewall. */
import type { BaseChain, Chain, Firewall, Gap, Hook, Table, TableFamily } from "../../firewall/model.ts";
import type * as Save from "../../model.ts";
import { lowerRule } from "./lower-rule.ts";
import { refuseCycles } from "./refuse-cycles.ts";
import type { SetReader } from "./surroundings.ts";

export interface SaveOrigin {
  readonly backend: "legacy" | "nft";
  /** What its rules are said to stand in: a file, or the program that printed it. */
  readonly name: string;
  readonly sets: SetReader;
}

/**
 * The tables of one dump. A table that iptables-nft-save could not print is a gap, and so is a base chain that iptables does not have. Throws `RulesetError` with line and origin
 * for chains that jump to each other in a circle.
 */
export function lowerSave(file: Save.SaveFile, origin: SaveOrigin): Firewall {
  const family = file.family === 4 ? "ip" : "ip6";
  return {
    tables: file.tables.map((table) => lowerTable(table, family, origin)),
    gaps: [
      ...file.unprinted.filter(({ extent }) => extent === "incompatible").flatMap((notice) => gapsOf(notice, file.family, origin.name)),
      ...file.tables.flatMap((table) => unknownChains(table, file.family, origin.name)),
    ],
  };
}

/** When the kernel would call such a chain nobody knows. */
function unknownChains({ name: table, chains }: Save.Table, family: 4 | 6, origin: string): readonly Gap[] {
  return chains.flatMap(({ name, builtin, line }) => (!builtin || findPriority(table, name) !== null ? [] : [{ family, hook: hooks[name] ?? null, reason: `${origin}:${String(line)}: iptables has no chain ${name} in a table ${table}` }]));
}

function lowerTable(table: Save.Table, family: TableFamily & ("ip" | "ip6"), origin: SaveOrigin): Table {
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

const hooks: Readonly<Record<string, Hook>> = { PREROUTING: "prerouting", INPUT: "input", FORWARD: "forward", OUTPUT: "output", POSTROUTING: "postrouting" };

/** enum nf_ip_hook_priorities (include/uapi/linux/netfilter_ipv4.h), and the hooks of net/ipv4/netfilter/iptable_*.c. */
const priorities: Readonly<Record<string, Partial<Record<Hook, number>>>> = {
  raw: { prerouting: -300, output: -300 },
  mangle: { prerouting: -150, input: -150, forward: -150, output: -150, postrouting: -150 },
  nat: { prerouting: -100, output: -100, input: 100, postrouting: 100 },
  filter: { input: 0, forward: 0, output: 0 },
  security: { input: 50, forward: 50, output: 50 },
};

function findPriority(table: string, chain: string): { readonly hook: Hook; readonly priority: number } | null {
  const hook = hooks[chain];
  const priority = hook === undefined ? undefined : priorities[table]?.[hook];
  return hook === undefined || priority === undefined ? null : { hook, priority };
}

function gapsOf({ table }: Save.UnprintedTable, family: 4 | 6, origin: string): readonly Gap[] {
  const reason = `${origin} could not print table ${table}`;
  const known = Object.keys(priorities[table] ?? {}) as Hook[];
  if (known.length === 0) return [{ family, hook: null, reason }];
  return known.map((hook) => ({ family, hook, reason }));
}
