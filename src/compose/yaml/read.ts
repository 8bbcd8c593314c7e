/** Compose files as value trees: every document of the file, with the paths that `!reset` and `!override` mark. */
import { type Document, isAlias, isMap, isScalar, isSeq, type ParsedNode, type YAMLError } from "yaml";
import { HardenError } from "../../errors.ts";
import { escapeInvisible, quote } from "../../text.ts";
import { faultAt, throwFaults } from "../fault.ts";
import { type Entry, listNode, mapNode, type Node, relate, scalarNode, type ScalarNode } from "../node.ts";
import { createSource, lineOf, type Source, type Span, unifyBreaks } from "../source.ts";
import { mergeInto } from "./merge-keys.ts";
import { parseDocuments } from "./parse.ts";
import { resolveScalar } from "./resolve-scalar.ts";

/** Keys from the root of a document to one of its values; `*` and list positions are plain text here. */
export type KeyPath = readonly string[];

export interface ComposeDocument {
  readonly root: Node;
  /** What `!reset` and `!override` clear in the documents and files before. */
  readonly cleared: readonly KeyPath[];
}

/** Values of a file once its aliases are written out, 64 characters of text counted as one: bounds what a few lines can expand to. */
const MAX_VALUES = 1_000_000;
/** Each is merged into the whole that those before it make. */
const MAX_DOCUMENTS = 100;
const MAX_DEPTH = 200;
const MAX_SYNTAX_ERRORS = 10;

/** Throws HardenError, several as HardenErrors, each with its line and column. */
export function readDocuments(given: string, file: string): readonly ComposeDocument[] {
  const text = unifyBreaks(given);
  const source = createSource(file, text);
  refuseControls(text, source);
  const documents = parse(text, source);
  const errors = documents.flatMap((document) => document.errors);
  const tooDeep = errors.find(({ code }) => code === "RESOURCE_EXHAUSTION");
  throwFaults((tooDeep === undefined ? errors.slice(0, MAX_SYNTAX_ERRORS) : [tooDeep]).map((error) => toFault(error, source)));
  const reader: Reader = { source, text, anchors: new Map(), faults: [], inert: false };
  const read = documents.map(({ contents }) => readRoot(reader, contents));
  throwFaults(reader.faults);
  return read;
}

/** Characters that YAML does not have (YAML 1.2, 5.1), which the library lets pass. */
const CONTROL = /[^\t\n\r\x20-\x7E\x85\xA0-\uFFFD]/;

function refuseControls(text: string, source: Source): void {
  const start = text.search(CONTROL);
  if (start >= 0) throw faultAt({ source, start, end: start + 1 }, `the character ${quote(text[start])} cannot stand in YAML`);
}

function parse(text: string, source: Source): readonly Document.Parsed[] {
  try {
    const documents = parseDocuments(text);
    const [excess] = documents.slice(MAX_DOCUMENTS);
    if (excess !== undefined) throw faultAt({ source, start: excess.range[0], end: excess.range[0] }, `holds more than ${MAX_DOCUMENTS} documents`);
    // An end mark alone makes no document, a start mark does.
    return documents.filter(({ contents, directives, errors }) => contents !== null || directives.docStart === true || errors.length > 0);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new HardenError("nested too deeply to be read", { position: { file: source.file, line: 1, column: 1 } });
  }
}

interface Reader {
  readonly source: Source;
  readonly text: string;
  /** What each anchor stands for so far, in later documents of the file too; "open" while it is being read. */
  readonly anchors: Map<string, Read | "open">;
  readonly faults: HardenError[];
  /** Whether a tag around what is being read leaves the tags in it without effect. */
  inert: boolean;
}

/** A value that was read: how many values it consists of when written out, and the paths below it that are cleared. */
interface Read {
  readonly node: Node;
  readonly size: number;
  readonly cleared: readonly KeyPath[];
  /** Its own tag, which acts wherever an alias brings it. */
  readonly tag: "!reset" | "!override" | null;
}

function readRoot(reader: Reader, contents: ParsedNode | null): ComposeDocument {
  const { node, cleared, tag } = readNode(reader, contents, 0, null);
  return { root: tag === "!reset" ? scalarNode(null, node.at) : node, cleared };
}

function readNode(reader: Reader, node: ParsedNode | null, depth: number, key: Span | null): Read {
  const [start = 0, end = 0] = node?.range ?? [];
  // A value that is not there stands where its key stands.
  const at = start === end && key !== null ? key : { source: reader.source, start, end: trimEnd(reader.text, start, end) };
  if (depth > MAX_DEPTH) throw faultAt(at, `nested more than ${MAX_DEPTH} levels deep`);
  if (node === null) return { node: scalarNode(null, at), size: 1, cleared: [], tag: null };
  if (isAlias(node)) return readAlias(reader, node.source, at);
  if (node.anchor !== undefined) reader.anchors.set(node.anchor, "open");
  const tag = !reader.inert && (node.tag === "!reset" || node.tag === "!override") ? node.tag : null;
  const inert = reader.inert;
  reader.inert ||= tag !== null;
  const read: Read = { ...readContents(reader, node, at, depth), tag };
  reader.inert = inert;
  if (read.size > MAX_VALUES) throw faultAt(at, "is larger than any configuration once its aliases are written out");
  if (node.anchor !== undefined) reader.anchors.set(node.anchor, read);
  return read;
}

/** A block collection ends for the library where the next line begins. */
function trimEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && /\s/.test(text[at - 1] ?? "")) at--;
  return at;
}

type Contents = Omit<Read, "tag">;

function readContents(reader: Reader, node: Exclude<ParsedNode, { source: string; tag?: never }>, at: Span, depth: number): Contents {
  if (isMap(node)) return readMap(reader, node.items, at, depth);
  if (isSeq(node)) return readList(reader, node.items, at, depth);
  const size = 1 + Math.floor((at.end - at.start) / 64);
  return { node: isScalar(node) ? readScalar(reader, node, at) : scalarNode(null, at), size, cleared: [] };
}

interface TaggedScalar {
  readonly value: unknown;
  readonly type?: string | undefined;
  readonly tag?: string | undefined;
}

const STANDARD_TAG = "tag:yaml.org,2002:";
/** The standard tags that say more than that it is text. */
const TYPED = ["int", "float", "bool", "null"];

/** Quoted, or under a tag that YAML does not know, it is text. */
function readScalar(reader: Reader, { value, type, tag }: TaggedScalar, at: Span): ScalarNode {
  const text = typeof value === "string" ? value : "";
  if (tag === undefined ? type !== "PLAIN" : !tag.startsWith(STANDARD_TAG)) return scalarNode(text, at);
  const kind = tag?.slice(STANDARD_TAG.length) ?? null;
  if (kind !== null && !TYPED.includes(kind)) return scalarNode(text, at);
  const resolved = resolveScalar(text);
  if (kind !== null && kind !== kindOf(resolved.value, resolved.float) && !(kind === "float" && typeof resolved.value === "number")) {
    reader.faults.push(faultAt(at, `${quote(text)} is no !!${kind}`));
  }
  const node = scalarNode(resolved.value, at);
  const float = resolved.float || kind === "float" ? ({ float: true } as const) : {};
  return { ...node, ...float, ...(resolved.printed === undefined ? {} : { printed: resolved.printed }) };
}

function kindOf(value: unknown, float: boolean): string {
  if (value === null) return "null";
  if (typeof value === "boolean") return "bool";
  return typeof value === "number" ? (float ? "float" : "int") : "str";
}

function readList(reader: Reader, items: readonly ParsedNode[], at: Span, depth: number): Contents {
  const nodes: Node[] = [];
  const cleared: KeyPath[] = [];
  let size = 1;
  items.forEach((item, index) => {
    const read = readNode(reader, item, depth + 1, null);
    for (const below of clearedBelow(read, [String(index)])) cleared.push(below);
    size += read.size;
    if (read.tag !== "!reset") nodes.push(read.node);
  });
  return { node: listNode(nodes, at), size, cleared };
}

function readMap(reader: Reader, items: readonly { key: ParsedNode; value: ParsedNode | null }[], at: Span, depth: number): Contents {
  const entries = new Map<string, Entry>();
  const seen = new Map<string, number>();
  const cleared: KeyPath[] = [];
  let merged: Node | null = null;
  let size = 1;
  for (const item of items) {
    const key = readKey(reader, item.key, seen);
    if (key === null) continue;
    const read = readNode(reader, item.value, depth + 1, key.at);
    // What a merge key brings in stands where the merge key stands; at the top of the file nothing does.
    for (const below of clearedBelow(read, key.merge ? [] : [key.name])) cleared.push(below);
    size += read.size;
    if (read.tag === "!reset") continue;
    if (key.merge) merged = read.node;
    else entries.set(key.name, { key: key.at, value: read.node });
  }
  if (merged !== null) mergeInto(entries, merged, reader.faults);
  return { node: mapNode(entries, at), size, cleared };
}

function clearedBelow(read: Read, path: KeyPath): KeyPath[] {
  const below = read.cleared.map((rest) => [...path, ...rest]);
  return read.tag === null ? below : [path, ...below];
}

interface Key {
  readonly name: string;
  readonly at: Span;
  readonly merge: boolean;
}

function readKey(reader: Reader, node: ParsedNode, seen: Map<string, number>): Key | null {
  const [start, end] = node.range;
  const at = { source: reader.source, start, end };
  const scalar = isAlias(node) ? readAlias(reader, node.source, at).node : isScalar(node) ? readScalar(reader, node, at) : null;
  if (scalar?.kind !== "scalar" || typeof scalar.value !== "string") {
    reader.faults.push(faultAt(at, "a key must be text", "quote the key"));
    return null;
  }
  const name = scalar.value;
  const before = seen.get(name);
  if (before !== undefined) {
    reader.faults.push(faultAt(at, `the key ${quote(name)} is given twice, first in line ${lineOf(reader.source, before)}`));
    return null;
  }
  seen.set(name, start);
  return { name, at, merge: name === "<<" && isScalar(node) && node.type === "PLAIN" };
}

function readAlias(reader: Reader, name: string, at: Span): Read {
  const target = reader.anchors.get(name);
  if (target === undefined) throw faultAt(at, `the alias ${quote(name)} has no anchor before it`);
  if (target === "open") throw faultAt(at, `the alias ${quote(name)} stands within what it refers to`);
  return { ...target, node: relate(target.node, at) };
}

/** What the library says, put into words where it speaks of its own options. */
function toFault({ code, message, pos }: YAMLError, source: Source): HardenError {
  const at = { source, start: pos[0], end: pos[1] };
  // What follows from it would only be misleading, and so is what the library says: that its stack is full.
  if (code === "RESOURCE_EXHAUSTION") return faultAt(at, "nested too deeply to be read");
  const hint = code === "TAB_AS_INDENT" ? "YAML is indented by blanks, never by tabs" : undefined;
  return faultAt(at, `not valid YAML: ${escapeInvisible(message.slice(0, 200))}`, hint);
}
