/** daemon.json as dockerd reads it: plain JSON, one object, each value with its place. */
import { parseTree, printParseErrorCode, type Node, type ParseError } from "jsonc-parser";
import { spellOut } from "../../text.ts";
import type { FilePlace } from "../resource.ts";

export interface ConfigValue {
  readonly value: unknown;
  /** From the key to the end of the value. */
  readonly place: FilePlace;
  /** A number written with a point or an exponent, which Go takes for no whole one. */
  readonly fraction?: true;
  /** The elements of a list or the members of an object, in order, also those that a later one of the same name replaces. */
  readonly parts: readonly ConfigPart[];
}

export interface ConfigPart extends ConfigValue {
  /** The name of a member; of an element its text. */
  readonly key: string;
}

export interface ConfigFile {
  readonly values: ReadonlyMap<string, ConfigValue>;
  /** All keys in order, also those that a later one of the same name replaces. */
  readonly entries: readonly (readonly [string, ConfigValue])[];
  /** The whole object, null where there is none. */
  readonly root: FilePlace | null;
  /** Why nothing in it counts, after its place: dockerd does not start with it. */
  readonly error: string | null;
}

/**
 * Keys are matched exactly, and of a key given twice the last one wins, both as dockerd does it (tried on 20.10 and 29). An empty file and `null` are an
 * empty object to 29. What stands behind the object is an error to 29, while 20.10 does not look at it: it counts as one.
 */
export function parseConfigFile(path: string, text: string): ConfigFile {
  const nothing = { values: new Map<string, ConfigValue>(), entries: [], root: null };
  if (isTooDeep(text)) return { ...nothing, error: `${path}:1:1: is nested too deeply` };
  const errors: ParseError[] = [];
  const lines = listLineStarts(text);
  // A byte order mark has no width.
  const bare = text.replace(/^\uFEFF/, "");
  const tree = parseTree(bare, errors, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: true });
  const place = ({ offset, length }: Node): FilePlace => placeAt(path, lines, offset, offset + length);
  const readValue = (node: Node): ConfigValue => {
    const isFraction = node.type === "number" && /[.eE]/.test(bare.slice(node.offset, node.offset + node.length));
    return { value: toValue(node), place: place(node), parts: listParts(node, readValue, place), ...(isFraction ? { fraction: true } : {}) };
  };
  const [first] = errors;
  if (first !== undefined) return { ...nothing, error: describe(path, placeAt(path, lines, first.offset, first.offset), first) };
  if (tree === undefined || tree.type === "null") return { ...nothing, root: placeAt(path, lines, 0, text.length), error: null };
  const { line, column } = place(tree);
  if (tree.type !== "object") return { ...nothing, error: `${path}:${line}:${column}: is a JSON ${tree.type}, not an object` };
  const entries = (tree.children ?? []).flatMap((property): [string, ConfigValue][] => {
    const [key, value] = property.children ?? [];
    if (key === undefined || value === undefined) return [];
    return [[String(key.value), { ...readValue(value), place: place(property) }]];
  });
  return { values: new Map(entries), entries, root: place(tree), error: null };
}

/** Far more than any configuration has; the parser goes down by recursion. */
const MAXIMUM_DEPTH = 500;

/** Counts brackets in strings too: no text that dockerd takes has that many unclosed ones. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth += bracket === "[" || bracket === "{" ? 1 : -1;
    if (depth > MAXIMUM_DEPTH) return true;
  }
  return false;
}

/** A member's place reaches from its key to the end of its value. */
function listParts(node: Node, readValue: (node: Node) => ConfigValue, place: (node: Node) => FilePlace): ConfigPart[] {
  return (node.children ?? []).map((child) => {
    const [key, value] = child.type === "property" ? (child.children ?? []) : [];
    const part = readValue(value ?? child);
    return { ...part, key: String(key?.value ?? (typeof part.value === "string" ? part.value : JSON.stringify(part.value))), place: place(child) };
  });
}

/** As JSON.parse gives it: of keys given twice the last one. */
function toValue(node: Node): unknown {
  if (node.type === "array") return (node.children ?? []).map(toValue);
  if (node.type !== "object") return node.value as unknown;
  return Object.fromEntries((node.children ?? []).flatMap(({ children: [key, value] = [] }) =>
    key === undefined || value === undefined ? [] : [[String(key.value), toValue(value)]]));
}

function describe(path: string, { line, column }: FilePlace, { error }: ParseError): string {
  return `${path}:${line}:${column}: is no JSON: ${spellOut(printParseErrorCode(error))}`;
}

function listLineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
}

function placeAt(file: string, lines: readonly number[], start: number, end: number): FilePlace {
  const [line, column] = positionAt(lines, start);
  const [endLine, endColumn] = positionAt(lines, end);
  return { file, line, column, endLine, endColumn };
}

/** The last line that starts at or before the offset, by halving. */
function positionAt(lines: readonly number[], offset: number): [line: number, column: number] {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((lines[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return [low + 1, offset - (lines[low] ?? 0) + 1];
}
