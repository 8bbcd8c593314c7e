/** Elements of sets and maps. */
import type { NftElement, NftExpression } from "../expressions.ts";
import { fieldOf, isFields, optionalNumber, optionalText, type Fields } from "./shape.ts";
import { readElementState } from "./stateful.ts";

/** `json` is a key, `{elem: {val: key, …}}`, or, of a map, a pair of one of these and a value. `read` reads keys and values. */
export function readElement(json: unknown, read: (json: unknown) => NftExpression): NftElement {
  const [key, value] = Array.isArray(json) && json.length === 2 ? (json as readonly unknown[]) : [json];
  const wrapped = isFields(key) ? fieldOf(key, "elem") : undefined;
  const fields: Fields = isFields(wrapped) ? wrapped : { val: key };
  return {
    key: read(fieldOf(fields, "val")),
    value: value === undefined ? null : read(value),
    timeout: optionalNumber(fields, "timeout"),
    expires: optionalNumber(fields, "expires"),
    comment: optionalText(fields, "comment"),
    statements: readElementState(fields),
  };
}
