/** Terminal safety: nothing that the audited host says can move a cursor, hide text or forge a line. */
import { escapeInvisible } from "../text.ts";

/** The same value with every text in it, keys too, made visible. What is printed to a terminal passes through here once, as a whole. */
export function cleanTexts<T>(value: T): T {
  return clean(value) as T;
}

function clean(value: unknown): unknown {
  if (typeof value === "string") return escapeInvisible(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [escapeInvisible(key), clean(part)]));
}
