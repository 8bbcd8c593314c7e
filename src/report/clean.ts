/** Terminal safety: nothing that the audited host says can move a cursor, hide text or forge a line. */
import { escapeInvisible } from "../text.ts";

/** The same value with every text in it, keys too, made visible. What is printed to a terminal passes through here once, as a whole. */
export function cleanTexts<T>(value: T): T {
  return clean(value) as T;
}

function clean(value: unknown): unknown {
  if (typeof value === "string") return escapeInvisible(value);
  if (Array.isArray(value)) return cleanList(value);
  return typeof value === "object" && value !== null ? cleanObject(value) : value;
}

/** What is clean already stays the same: a report of thousands of results is not built anew. */
function cleanList(list: readonly unknown[]): readonly unknown[] {
  const cleaned = list.map(clean);
  return cleaned.every((value, index) => value === list[index]) ? list : cleaned;
}

function cleanObject(object: object): object {
  const entries: [string, unknown][] = Object.entries(object);
  const cleaned = entries.map(([key, value]): [string, unknown] => [escapeInvisible(key), clean(value)]);
  const isSame = cleaned.every(([key, value], index) => key === entries[index]?.[0] && value === entries[index][1]);
  return isSame ? object : Object.fromEntries(cleaned);
}
