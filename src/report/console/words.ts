/** Words of the console format that more than one section needs. */
import type { Result } from "../../policy/model/report.ts";

/** `1 check`, `2 checks`. */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}

/** What a person calls the resource of a result. */
export function labelOf({ resource: { kind, id, name } }: Result): string {
  return id ?? name ?? kind;
}
