/** Edits of daemon.json that leave everything else as it stands: other keys, their order, white space. */
import { applyEdits, type JSONPath, modify, parseTree } from "jsonc-parser";

export type Merged = { readonly text: string } | { readonly fault: string };

/** The text with the keys set. `text` null or blank: a new file. Maps are merged key by key, other values replaced. */
export function mergeDaemonJson(text: string | null, values: Readonly<Record<string, unknown>>): Merged {
  const present = text === null || text.trim() === "" ? "{}\n" : text;
  const fault = findFault(present, Object.keys(values));
  if (fault !== null) return { fault };
  let merged = present;
  for (const [path, value] of listEdits([], values)) {
    merged = applyEdits(merged, modify(merged, path, value, { formattingOptions: detectFormat(present) }));
  }
  return { text: merged };
}

/** The value of a top-level key as JSON text, null if it is not there. The text must be JSON. */
export function readKey(text: string | null, key: string): string | null {
  if (text === null || text.trim() === "") return null;
  const document = JSON.parse(text) as Record<string, unknown>;
  return Object.hasOwn(document, key) ? JSON.stringify(document[key]) : null;
}

/** The engine takes strict JSON, and of a key that stands twice the last: an edit of the first would change nothing. */
function findFault(text: string, keys: readonly string[]): string | null {
  try {
    JSON.parse(text);
  } catch (error) {
    return `it is not JSON (${error instanceof Error ? error.message : String(error)}), so the engine would not start with it`;
  }
  const root = parseTree(text);
  if (root?.type !== "object") return "it holds no JSON object";
  const names = (root.children ?? []).map((property): unknown => property.children?.[0]?.value);
  const twice = keys.find((key) => names.filter((name) => name === key).length > 1);
  return twice === undefined ? null : `it has the key ${JSON.stringify(twice)} twice`;
}

function listEdits(path: readonly string[], value: unknown): [JSONPath, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[[...path], value]];
  return Object.entries(value).flatMap(([key, inner]) => listEdits([...path, key], inner));
}

/** As the first indented line does it. */
function detectFormat(text: string): { insertSpaces: boolean; tabSize: number; eol: string } {
  const [, indent = "  "] = /\n([\t ]+)"/.exec(text) ?? [];
  return { insertSpaces: !indent.startsWith("\t"), tabSize: indent.startsWith("\t") ? 1 : indent.length, eol: text.includes("\r\n") ? "\r\n" : "\n" };
}
