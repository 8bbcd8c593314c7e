/** Statements that keep state: of a rule, or of an element of a set. */
import type { NftStateful } from "../terms.ts";
import { readCount, readLimit, readQuota } from "./rates.ts";
import { isFields, optionalNumber, type Fields } from "./shape.ts";

/** Null: the name is none of such a statement. */
export function readStateful(name: string, body: unknown): NftStateful | null {
  const fields = isFields(body) ? body : {};
  switch (name) {
    case "counter":
      return { kind: "counter", packets: optionalNumber(fields, "packets") ?? 0, bytes: optionalNumber(fields, "bytes") ?? 0 };
    case "limit":
      return { kind: "limit", limit: readLimit(fields) };
    case "quota":
      return { kind: "quota", quota: readQuota(fields) };
    case "ct count":
      return { kind: "ct-count", ...readCount(fields) };
    default:
      return null;
  }
}

/** Those of an element. They stand among its other fields. */
export function readElementState(element: Fields): readonly NftStateful[] {
  return Object.entries(element).flatMap(([name, body]) => {
    const statement = readStateful(name, body);
    return statement === null ? [] : [statement];
  });
}
