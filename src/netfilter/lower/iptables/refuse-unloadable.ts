/** Tables and chains that iptables-restore loads into no kernel: a dump with one was not printed by a kernel, and what it means nobody knows. */
import { RulesetError } from "../../errors.ts";
import type { Chain, Table } from "../../model.ts";
import { findPriority, priorities } from "./hooks.ts";

/** Throws `RulesetError` with the line of a table or base chain that iptables does not have, of a rule in a chain that is not declared, or of a jump to a base chain. */
export function refuseUnloadable(table: Table, origin: string): void {
  if (!priorities.has(table.name)) throw new RulesetError(`iptables has no table ${table.name}`, table.line, null, origin);
  const builtin = new Set(table.chains.filter((chain) => chain.builtin).map(({ name }) => name));
  for (const chain of table.chains) {
    refuseChain(table, chain, origin);
    for (const { target, line } of chain.rules) {
      const called = target?.kind === "jump" || target?.kind === "goto" ? target.chain : null;
      if (called !== null && builtin.has(called)) throw new RulesetError(`${called} is a chain that only the kernel calls`, line, null, origin);
    }
  }
}

function refuseChain(table: Table, { name, builtin, line, rules }: Chain, origin: string): void {
  const at = line ?? rules[0]?.line ?? table.line;
  if (builtin && findPriority(table.name, name) === null) throw new RulesetError(`iptables has no chain ${name} in a table ${table.name}`, at, null, origin);
  if (!builtin && line === null) throw new RulesetError(`chain ${name} is not declared: the dump is not whole`, at, null, origin);
}
