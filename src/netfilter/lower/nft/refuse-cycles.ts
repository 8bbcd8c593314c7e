/** Chains that lead to each other in a circle: the kernel loads no such table, so a list with one was not printed by it. */
import { RulesetError } from "../../errors.ts";
import type { NftElement, NftExpression } from "../../nft/expressions.ts";
import type { NftPlace, NftTable } from "../../nft/model.ts";
import type { NftStatement } from "../../nft/statements.ts";

/**
 * Throws `RulesetError` with the place of a rule that closes a circle which packets could enter. No recursion: chains may be many thousands deep.
 */
export function refuseCycles(table: NftTable): void {
  const maps = new Map(table.sets.map((set) => [set.name, set.elements]));
  const leads = new Map(table.chains.map(({ name, rules }) => [name, rules.flatMap((rule) => targetsOf(rule.statements, maps).map((target) => ({ target, place: rule.place })))]));
  const done = new Set<string>();
  for (const { name, base } of table.chains) if (base !== null) visit(name, leads, done);
}

interface Lead {
  readonly target: string;
  readonly place: NftPlace;
}

function visit(start: string, leads: ReadonlyMap<string, readonly Lead[]>, done: Set<string>): void {
  const path: { readonly name: string; next: number }[] = [{ name: start, next: 0 }];
  const onPath = new Set([start]);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const lead = leads.get(top.name)?.[top.next++];
    if (lead === undefined) {
      done.add(top.name);
      onPath.delete(top.name);
      path.pop();
    } else if (onPath.has(lead.target)) {
      throw new RulesetError(`chain ${lead.target} is reached from itself by this rule`, lead.place.line ?? 0, lead.place.column);
    } else if (!done.has(lead.target)) {
      onPath.add(lead.target);
      path.push({ name: lead.target, next: 0 });
    }
  }
}

function targetsOf(statements: readonly NftStatement[], maps: ReadonlyMap<string, readonly NftElement[]>): readonly string[] {
  return statements.flatMap((statement) => {
    if (statement.kind === "verdict") return "chain" in statement.verdict ? [statement.verdict.chain] : [];
    return statement.kind === "vmap" ? elementsOf(statement.data, maps).flatMap(({ value }) => (value?.kind === "verdict" && "chain" in value.verdict ? [value.verdict.chain] : [])) : [];
  });
}

function elementsOf(data: NftExpression, maps: ReadonlyMap<string, readonly NftElement[]>): readonly NftElement[] {
  return data.kind === "set" ? data.elements : data.kind === "set-reference" ? (maps.get(data.name) ?? []) : [];
}
