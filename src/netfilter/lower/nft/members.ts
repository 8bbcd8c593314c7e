/** The members of sets and maps, anonymous or named. */
import type { NftElement, NftExpression } from "../../nft/expressions.ts";
import type { Surroundings } from "./surroundings.ts";

export interface Members {
  readonly elements: readonly NftElement[];
  /** `*`, which stands for all keys that no other element has. */
  readonly rest: NftElement | null;
  /** Seconds that what rules add stays; undefined where no rule adds to the set. */
  readonly growsFor: number | null | undefined;
}

/** Null for a set that is not there. */
export function findMembers(data: NftExpression, { sets, growing }: Pick<Surroundings, "sets" | "growing">): Members | null {
  if (data.kind === "set") return split(data.elements, undefined);
  const set = data.kind === "set-reference" ? sets.get(data.name) : undefined;
  if (set === undefined) return null;
  return split(set.elements, growing.has(set.name) ? set.timeout : undefined);
}

function split(elements: readonly NftElement[], growsFor: number | null | undefined): Members {
  const isRest = ({ key }: NftElement): boolean => key.kind === "value" && key.value === "*";
  return { elements: elements.filter((element) => !isRest(element)), rest: elements.find(isRest) ?? null, growsFor };
}
