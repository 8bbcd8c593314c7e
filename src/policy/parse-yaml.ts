/** YAML that strangers wrote, read with positions and within bounds. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type ParsedNode, type YAMLError } from "yaml";
import { HardenError } from "../errors.ts";
import { pointer, type FilePlace } from "../facts/resource.ts";
import { escapeInvisible, quote } from "../text.ts";
import { throwErrors, type DocumentPath, type PartPlace, type YamlDocument } from "./document.ts";

const MAX_DEPTH = 64;
const MAX_SYNTAX_ERRORS = 10;

/** Keys that mean something to JavaScript itself. */
const REFUSED_KEYS = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Parses one YAML 1.2 document: plain maps, lists and scalars. Throws HardenError (several: HardenErrors) with the position for bad
 * syntax, a duplicate or refused key, a key that is no text, a tag, and an alias that is unknown, refers to itself or makes the document
 * larger than `limit` (characters, aliases written out).
 */
export function parseYaml(text: string, file: string, limit: number): YamlDocument {
  const lines = new LineCounter();
  // Duplicate keys are looked for below: the library does so in quadratic time.
  const document = parseDocument(text, {
    schema: "core", merge: false, resolveKnownTags: false, stringKeys: true, uniqueKeys: false, prettyErrors: false, lineCounter: lines,
  });
  const locate = placeFinder(file, lines);
  const errors = [...document.errors, ...document.warnings];
  // What follows from it would only be misleading.
  const tooDeep = errors.find(({ code }) => code === "RESOURCE_EXHAUSTION");
  throwErrors((tooDeep === undefined ? errors.slice(0, MAX_SYNTAX_ERRORS) : [tooDeep]).map((error) => toSyntaxError(error, locate)));
  const reader: Reader = { limit, locate, places: new Map(), anchors: new Map(), errors: [] };
  const { value } = readNode(reader, document.contents, [], null);
  throwErrors(reader.errors);
  return { file, value, places: reader.places };
}

type Range = readonly [start: number, valueEnd: number, nodeEnd?: number];
type Locate = (range: Range) => FilePlace;

interface Reader {
  readonly limit: number;
  readonly locate: Locate;
  readonly places: Map<string, PartPlace>;
  /** What each anchor stands for so far; "open" while it is being read. */
  readonly anchors: Map<string, Sized | "open">;
  readonly errors: HardenError[];
}

/** A value and about how many characters it takes when written out: shared values count each time. */
interface Sized {
  readonly value: unknown;
  readonly size: number;
}

const NOTHING: Sized = { value: null, size: 1 };

function readNode(reader: Reader, node: ParsedNode | null, path: DocumentPath, key: FilePlace | null): Sized {
  const range: Range = node?.range ?? [0, 0];
  const value = node === null && key !== null ? key : reader.locate(range);
  if (path.length > MAX_DEPTH) throw fail(value, `nested more than ${MAX_DEPTH} levels deep`);
  reader.places.set(pointer(path), { key, value });
  if (node === null) return NOTHING;
  if (isAlias(node)) return readAlias(reader, node.source, value);
  if (node.anchor !== undefined) reader.anchors.set(node.anchor, "open");
  const read = readContents(reader, node, path);
  if (read.size > reader.limit) throw fail(value, `expands to more than ${reader.limit / 1024} KiB`);
  if (node.anchor !== undefined) reader.anchors.set(node.anchor, read);
  return read;
}

function readContents(reader: Reader, node: ParsedNode, path: DocumentPath): Sized {
  if (isMap(node)) return readMap(reader, node.items, path);
  if (isSeq(node)) return readList(reader, node.items, path);
  return isScalar(node) ? { value: node.value, size: 1 + String(node.value).length } : NOTHING;
}

function readMap(reader: Reader, items: readonly { key: ParsedNode; value: ParsedNode | null }[], path: DocumentPath): Sized {
  const map: Record<string, unknown> = {};
  let size = 1;
  for (const item of items) {
    const keyPlace = reader.locate(item.key.range);
    const key = isScalar(item.key) ? String(item.key.value) : "";
    const refusal = refuseKey(item.key, key, map);
    if (refusal !== null) {
      reader.errors.push(fail(keyPlace, refusal));
      continue;
    }
    const read = readNode(reader, item.value, [...path, key], keyPlace);
    map[key] = read.value;
    size += key.length + read.size;
  }
  return { value: map, size };
}

function readList(reader: Reader, items: readonly ParsedNode[], path: DocumentPath): Sized {
  const reads = items.map((item, index) => readNode(reader, item, [...path, index], null));
  return { value: reads.map((read) => read.value), size: reads.reduce((sum, read) => sum + read.size, 1) };
}

function refuseKey(node: ParsedNode, key: string, map: Readonly<Record<string, unknown>>): string | null {
  if (!isScalar(node)) return "an alias cannot be a key";
  if (REFUSED_KEYS.has(key)) return `the key ${quote(key)} is not accepted`;
  return Object.hasOwn(map, key) ? `the key ${quote(key)} is given twice` : null;
}

function readAlias(reader: Reader, name: string, place: FilePlace): Sized {
  const target = reader.anchors.get(name);
  if (target === undefined) throw fail(place, `the alias ${quote(name)} has no anchor before it`);
  if (target === "open") throw fail(place, `the alias ${quote(name)} stands within what it refers to`);
  return target;
}

/** What the library says, put into words where it speaks of its own options. */
function toSyntaxError(error: YAMLError, locate: Locate): HardenError {
  const words: Partial<Record<string, string>> = {
    NON_STRING_KEY: "a key must be text",
    RESOURCE_EXHAUSTION: "nested too deeply to be read",
    MULTIPLE_DOCS: "more than one document in the file",
    TAG_RESOLVE_FAILED: "custom tags are not accepted",
  };
  return fail(locate(error.pos), words[error.code] ?? `not valid YAML: ${escapeInvisible(error.message.slice(0, 200))}`);
}

function placeFinder(file: string, lines: LineCounter): Locate {
  return ([start, end]) => {
    const from = lines.linePos(start);
    const to = lines.linePos(end);
    return { file, line: from.line, column: from.col, endLine: to.line, endColumn: to.col };
  };
}

function fail({ file, line, column }: FilePlace, message: string): HardenError {
  return new HardenError(message, { position: { file, line, column } });
}
