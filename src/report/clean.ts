/** Terminal safety: nothing that the audited host says can move a cursor, hide text or forge a line. */
import { escapeInvisible } from "../text.ts";

/** The same value with every text in it, keys too, made visible. What is printed to a terminal passes through here once, as a whole. */
export function cleanTexts<T>(value: T): T {
  return clean(value) as T;
}

function clean(value: unknown): unknown {
  if (typeof value === "string") return escapeInvisible(value);
  if (Array.isArray(value)) return value.map((item: unknown) => (isPlain(item) ? item : clean(item)));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [escapeInvisible(key), clean(part)]));
}

/** Most results hold nothing but printable ASCII, which their JSON tells many times faster: it has no other letter and no escape but of quotes. */
function isPlain(value: unknown): boolean {
  const json: unknown = JSON.stringify(value);
  return typeof json === "string" && !/[^ -~]|\\[^"\\]/.test(json);
}
