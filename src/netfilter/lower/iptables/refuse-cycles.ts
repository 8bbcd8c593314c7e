/** Chains that jump to each other in a circle: the kernel loads no such table, so a dump with one was not printed by it. */
import { RulesetError } from "../../errors.ts";
import type { Rule, Table } from "../../model.ts";

/** Throws `RulesetError` with the line of a jump that closes a circle which packets could enter. No recursion: chains may be many thousands deep. */
export function refuseCycles(table: Table, origin: string): void {
  const jumps = new Map(table.chains.map(({ name, rules }) => [name, rules.filter(isJump)]));
  const done = new Set<string>();
  for (const { name, builtin } of table.chains) if (builtin) visit(name, jumps, done, origin);
}

function visit(start: string, jumps: ReadonlyMap<string, readonly Rule[]>, done: Set<string>, origin: string): void {
  const path: { readonly name: string; next: number }[] = [{ name: start, next: 0 }];
  const onPath = new Set([start]);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const rule = jumps.get(top.name)?.[top.next++];
    const target = rule === undefined ? null : chainOf(rule);
    if (rule === undefined || target === null) {
      done.add(top.name);
      onPath.delete(top.name);
      path.pop();
    } else if (onPath.has(target)) {
      throw new RulesetError(`chain ${target} is reached from itself by this jump`, rule.line, null, origin);
    } else if (!done.has(target)) {
      onPath.add(target);
      path.push({ name: target, next: 0 });
    }
  }
}

function isJump(rule: Rule): boolean {
  return chainOf(rule) !== null;
}

function chainOf({ target }: Rule): string | null {
  return target?.kind === "jump" || target?.kind === "goto" ? target.chain : null;
}
