/** Reads what `nft -j list ruleset` prints. */
import { RulesetError } from "../errors.ts";
import type { NftRuleset } from "./model.ts";
import { locator, parseJson } from "./parse/json.ts";
import { readObjects, type PlaceOf } from "./parse/objects.ts";
import { ShapeError } from "./parse/shape.ts";

/**
 * The rule set of a text. Statements and expressions that are not known are kept as `opaque`. Throws `RulesetError` with line and
 * column for a text that is no JSON, ends early, or is not what nft prints: half a rule set is never read as a whole one.
 */
export function parseNft(text: string): NftRuleset {
  const { value, offsets } = parseJson(text);
  const locate = locator(text);
  const find = (at: object | null): { readonly line: number; readonly column: number } => locate((at === null ? undefined : offsets.get(at)) ?? 0);
  return readWith(value, (index, object) => ({ index, ...find(object) }), find);
}

/** The same of JSON that has been parsed before: places have no lines then, and an error has line 0. */
export function readNft(value: unknown): NftRuleset {
  return readWith(value, (index) => ({ index, line: null, column: null }), () => ({ line: 0, column: 0 }));
}

function readWith(value: unknown, placeOf: PlaceOf, find: (at: object | null) => { readonly line: number; readonly column: number }): NftRuleset {
  try {
    return readObjects(value, placeOf);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    const { line, column } = find(error.at);
    throw new RulesetError(error.message, line, column);
  }
}
