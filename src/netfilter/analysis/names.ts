/** Names of interfaces as numbers: one for each name that rules tell apart. */
import type { NameSet } from "../firewall/tests.ts";

/** Names, of which each stands for all that no rule tells from it. The first is "", no interface; the last stands for every other name. */
export function distinguishNames(sets: readonly NameSet[]): readonly string[] {
  const literal = new Set(sets.flatMap(({ names }) => names).filter((name) => name !== ""));
  const prefixes = new Set(sets.flatMap((set) => set.prefixes));
  const all = ["", ...literal];
  for (const prefix of prefixes) all.push(freshName(prefix, all, prefixes));
  const rest = Array.from("zyxwvutsrqponmlkjihgfedcba").find((letter) => ![...prefixes].some((prefix) => prefix.startsWith(letter) || prefix === ""));
  return rest === undefined ? all : [...all, freshName(rest, all, prefixes)];
}

/** A name that begins with the prefix and meets nothing else that rules ask for: no longer prefix, no name that is taken. */
function freshName(prefix: string, taken: readonly string[], prefixes: ReadonlySet<string>): string {
  for (let number = 0; ; number++) {
    const name = `${prefix}${number}`;
    const isFree = !taken.includes(name) && ![...prefixes].some((other) => other.length > prefix.length && name.startsWith(other));
    if (isFree) return name;
  }
}
