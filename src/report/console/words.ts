/** Words of the console format that more than one section needs. */
import type { Result } from "../../policy/model/report.ts";

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
