/** JSON, with the place of every object and array: JSON.parse tells none. */
import { RulesetError } from "../../errors.ts";

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export interface LocatedJson {
  readonly value: unknown;
  /** Offsets in the text. */
  readonly offsets: ReadonlyMap<object, number>;
}

/** Throws `RulesetError` with line and column where the text is no JSON, or ends early. */
export function parseJson(text: string): LocatedJson {
  const reader: Reader = { text, at: 0, offsets: new Map() };
  skipBlanks(reader);
  const value = readValue(reader, 0);
  skipBlanks(reader);
  if (reader.at < text.length) throw unexpected(reader, "the end");
  return { value, offsets: reader.offsets };
}

/** Finds line and column, both from 1, of offsets in a text. */
export function locator(text: string): (offset: number) => { readonly line: number; readonly column: number } {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let [from, to] = [0, starts.length];
    while (to - from > 1) {
      const middle = (from + to) >> 1;
      if ((starts[middle] ?? 0) <= offset) from = middle;
      else to = middle;
    }
    return { line: from + 1, column: offset - (starts[from] ?? 0) + 1 };
  };
}

interface Reader {
  readonly text: string;
  at: number;
  readonly offsets: Map<object, number>;
}

/** nft's own output is 20 deep at most; a hostile text must not exhaust the stack. */
const MAXIMUM_DEPTH = 200;

function readValue(reader: Reader, depth: number): Json {
  const { text, at } = reader;
  if (depth > MAXIMUM_DEPTH) throw failAt(reader, `nested more than ${MAXIMUM_DEPTH} deep`);
  const first = text[at];
  if (first === "{") return readObject(reader, depth);
  if (first === "[") return readArray(reader, depth);
  if (first === '"') return readString(reader);
  return readWord(reader);
}

function readObject(reader: Reader, depth: number): JsonObject {
  const object: Record<string, Json> = {};
  reader.offsets.set(object, reader.at);
  reader.at++;
  skipBlanks(reader);
  if (takes(reader, "}")) return object;
  for (;;) {
    if (reader.text[reader.at] !== '"') throw unexpected(reader, "a key");
    const key = readString(reader);
    skipBlanks(reader);
    if (!takes(reader, ":")) throw unexpected(reader, "`:`");
    skipBlanks(reader);
    const value = readValue(reader, depth + 1);
    // A plain assignment of this one key would set the prototype.
    if (key === "__proto__") Object.defineProperty(object, key, { value, enumerable: true });
    else object[key] = value;
    skipBlanks(reader);
    if (takes(reader, "}")) return object;
    if (!takes(reader, ",")) throw unexpected(reader, "`,` or `}`");
    skipBlanks(reader);
  }
}

function readArray(reader: Reader, depth: number): readonly Json[] {
  const items: Json[] = [];
  reader.offsets.set(items, reader.at);
  reader.at++;
  skipBlanks(reader);
  if (takes(reader, "]")) return items;
  for (;;) {
    items.push(readValue(reader, depth + 1));
    skipBlanks(reader);
    if (takes(reader, "]")) return items;
    if (!takes(reader, ",")) throw unexpected(reader, "`,` or `]`");
    skipBlanks(reader);
  }
}

// eslint-disable-next-line no-control-regex -- JSON forbids them in strings
const stringForm = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const wordForm = /true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

function readString(reader: Reader): string {
  const raw = take(reader, stringForm);
  if (raw === null) throw failAt(reader, "a string that does not end, or holds what JSON does not allow in one");
  return raw.includes("\\") ? (JSON.parse(raw) as string) : raw.slice(1, -1);
}

function readWord(reader: Reader): Json {
  const raw = take(reader, wordForm);
  if (raw === null) throw unexpected(reader, "a value");
  return JSON.parse(raw) as Json;
}

function take(reader: Reader, form: RegExp): string | null {
  form.lastIndex = reader.at;
  const raw = form.exec(reader.text)?.[0] ?? null;
  if (raw !== null) reader.at += raw.length;
  return raw;
}

function takes(reader: Reader, character: string): boolean {
  if (reader.text[reader.at] !== character) return false;
  reader.at++;
  return true;
}

function skipBlanks(reader: Reader): void {
  while (" \t\n\r".includes(reader.text[reader.at] ?? "x")) reader.at++;
}

function unexpected(reader: Reader, wanted: string): RulesetError {
  const found = reader.text[reader.at];
  return failAt(reader, `expected ${wanted}, found ${found === undefined ? "the end of the text" : JSON.stringify(found)}`);
}

function failAt(reader: Reader, message: string): RulesetError {
  const { line, column } = locator(reader.text)(reader.at);
  return new RulesetError(message, line, column);
}
