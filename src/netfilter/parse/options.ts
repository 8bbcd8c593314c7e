/**
 * Assigns each word of a rule to what owns it: a basic option, or an extension that -m, -j or (as iptables does for files written
 * by hand) -p has loaded. As in iptables an option belongs to the extension loaded last that knows it, and basic options go before
 * all. A word that nobody knows goes to the extension loaded last, which is not understood from then on.
 */
import { RulesetError } from "../errors.ts";
import type { Token } from "../model.ts";
import { findBasicOption } from "./basic.ts";
import { findMatchExtension, findTarget, protocolExtension } from "./extensions.ts";
import type { Option } from "./given.ts";

/** A basic option, or an extension with its options. `tokens` are positions in the rule. */
export type Part = BasicPart | ExtensionPart;

export interface BasicPart {
  readonly kind: "basic";
  readonly option: Option;
  readonly tokens: readonly number[];
}

export interface ExtensionPart {
  readonly kind: "match" | "target" | "goto";
  readonly name: string;
  readonly options: Option[];
  readonly tokens: number[];
  /** The options that it knows, with their number of values; null for an extension that is not modelled. */
  readonly known: Readonly<Record<string, number>> | null;
  /** Whether every word is an option that it knows, or a value of one. */
  understood: boolean;
}

interface Cursor {
  readonly tokens: readonly Token[];
  readonly line: number;
  /** The chains that -j may name. */
  readonly chains: ReadonlySet<string>;
  readonly parts: Part[];
  /** Those of the parts that are extensions. */
  readonly loaded: ExtensionPart[];
  position: number;
}

/** The parts from the token at `start` on, in the order in which they begin. */
export function groupOptions(tokens: readonly Token[], start: number, line: number, chains: ReadonlySet<string>): readonly Part[] {
  const cursor: Cursor = { tokens, line, chains, parts: [], loaded: [], position: start };
  while (cursor.position < tokens.length) readNext(cursor);
  return cursor.parts;
}

/** Reads one option with its `!` and values, or one word that belongs to none. */
function readNext(cursor: Cursor): void {
  const first = cursor.position;
  const negated = skipBang(cursor);
  const token = cursor.tokens[cursor.position];
  if (token === undefined) throw new RulesetError("a ! with nothing behind it", cursor.line);
  cursor.position++;
  if (token.quoted || !/^-./.test(token.value)) {
    addUnknown(cursor, token.value, negated, first);
    return;
  }
  const { name, inline } = splitInline(token.value);
  const basic = findBasicOption(name);
  if (basic !== null) addBasic(cursor, { ...readValues(cursor, { name, negated, inline }, basic.arity), name: basic.name }, first);
  else addOption(cursor, { name, negated, inline }, token.value, first);
}

interface Spelled {
  readonly name: string;
  readonly negated: boolean;
  /** The value written in the same word, as in `-ieth0` or `--dport=80`. */
  readonly inline: string | null;
}

function splitInline(word: string): { readonly name: string; readonly inline: string | null } {
  const equals = word.indexOf("=");
  if (word.startsWith("--")) return equals === -1 ? { name: word, inline: null } : { name: word.slice(0, equals), inline: word.slice(equals + 1) };
  return word.length > 2 ? { name: word.slice(0, 2), inline: word.slice(2) } : { name: word, inline: null };
}

/** The option with as many values as it takes; `!` may stand before them (the spelling of iptables before 1.4.3). */
function readValues(cursor: Cursor, { name, negated, inline }: Spelled, arity: number): Option {
  const values = inline === null ? [] : [inline];
  const inverted = values.length < arity && skipBang(cursor);
  while (values.length < arity) {
    const token = cursor.tokens[cursor.position++];
    if (token === undefined) throw new RulesetError(`${name} needs a value`, cursor.line);
    values.push(token.value);
  }
  return { name, negated: negated !== inverted, values };
}

function skipBang(cursor: Cursor): boolean {
  const token = cursor.tokens[cursor.position];
  const isBang = token?.value === "!" && !token.quoted;
  if (isBang) cursor.position++;
  return isBang;
}

function addBasic(cursor: Cursor, option: Option, first: number): void {
  const [name = ""] = option.values;
  const tokens = positions(first, cursor);
  if (option.name !== "match" && option.name !== "jump" && option.name !== "goto") {
    cursor.parts.push({ kind: "basic", option, tokens });
    return;
  }
  if (option.negated) throw new RulesetError(`! before --${option.name}`, cursor.line);
  const kind = option.name === "jump" ? "target" : option.name;
  if (kind !== "match" && cursor.loaded.some((part) => part.kind !== "match")) throw new RulesetError("two targets", cursor.line);
  const known = kind === "match" ? (findMatchExtension(name)?.options ?? null) : kind === "goto" ? {} : targetOptions(cursor, name);
  load(cursor, { kind, name, options: [], tokens, known, understood: true });
}

function load(cursor: Cursor, part: ExtensionPart): ExtensionPart {
  cursor.parts.push(part);
  cursor.loaded.push(part);
  return part;
}

function targetOptions({ chains }: Cursor, name: string): ExtensionPart["known"] {
  const target = findTarget(name, chains);
  return target === "chain" ? {} : (target?.options ?? null);
}

function addOption(cursor: Cursor, spelled: Spelled, word: string, first: number): void {
  const owner = findOwner(cursor, spelled.name) ?? loadForProtocol(cursor, spelled.name);
  const arity = owner?.known?.[spelled.name];
  if (owner === null || arity === undefined) {
    addUnknown(cursor, word, spelled.negated, first);
    return;
  }
  owner.options.push(readValues(cursor, spelled, arity));
  owner.tokens.push(...positions(first, cursor));
  if (spelled.inline !== null && arity === 0) owner.understood = false;
}

/** The extension loaded last that knows the option, unless one that is not modelled, and so may know it, was loaded later. */
function findOwner(cursor: Cursor, name: string): ExtensionPart | null {
  const owner = cursor.loaded.findLast(({ known }) => known === null || Object.hasOwn(known, name));
  return owner?.known == null ? null : owner;
}

/** What `-p tcp --dport 22` needs: the extension of the protocol, loaded when nobody else knows the option. */
function loadForProtocol(cursor: Cursor, name: string): ExtensionPart | null {
  const protocol = cursor.parts.find((part) => part.kind === "basic" && part.option.name === "protocol" && !part.option.negated);
  const extension = protocol?.kind === "basic" ? protocolExtension(protocol.option.values[0] ?? "") : null;
  const known = extension === null ? null : (findMatchExtension(extension)?.options ?? null);
  if (extension === null || known === null || !Object.hasOwn(known, name)) return null;
  if (cursor.loaded.some((part) => part.known === null || part.name === extension)) return null;
  return load(cursor, { kind: "match", name: extension, options: [], tokens: [], known, understood: true });
}

/** A word that no extension is known to take: to the one loaded last. Without any, iptables would refuse it as well. */
function addUnknown(cursor: Cursor, word: string, negated: boolean, first: number): void {
  const last = cursor.loaded.at(-1);
  if (last === undefined) throw new RulesetError(`${JSON.stringify(word)} belongs to no option`, cursor.line);
  last.options.push({ name: word, negated, values: [] });
  last.tokens.push(...positions(first, cursor));
  last.understood = false;
}

function positions(first: number, cursor: Cursor): number[] {
  return Array.from({ length: cursor.position - first }, (_, index) => first + index);
}
