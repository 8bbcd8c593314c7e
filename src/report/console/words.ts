/** Words of the console format that more than one section needs. */
import type { Result } from "../../policy/model/report.ts";

/** `1 check`, `2 checks`. */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}

/** What a person calls the resource of a result. */
export function labelOf({ resource: { kind, id, name } }: Pick<Result, "resource">): string {
  return id ?? name ?? kind;
}

const SHOWN = 6;

/** The first names, and how many more there are. */
export function shorten(names: readonly string[]): string {
  if (names.length <= SHOWN) return names.join(", ");
  return `${names.slice(0, SHOWN).join(", ")} and ${names.length - SHOWN} more`;
}
