/** Env files as Compose reads them (compose-go, dotenv/): `NAME=value`, `export`, quotes, escapes, comments, variables. */
import { HardenError } from "../../errors.ts";
import { quote } from "../../text.ts";
import { createSource } from "../source.ts";
import { type LookUp, substitute } from "./template.ts";
import type { Variable } from "./variables.ts";

/**
 * Adds the file's variables to `variables`; a name that is there already is replaced. `outer` goes before them where a value names another
 * variable. Throws HardenError with the line for what Compose refuses.
 */
export function readDotenv(text: string, file: string, outer: LookUp, variables: Map<string, Variable>): void {
  const lookUp: LookUp = (name) => outer(name) ?? variables.get(name);
  const whole = text.replace(/^\uFEFF/, "");
  const source = createSource(file, whole);
  let size = 0;
  for (let at = skipToStatement(whole, 0); at < whole.length; ) {
    const fail = (message: string): HardenError => new HardenError(message, { position: { file, line: lineAt(whole, at) } });
    const key = readKey(whole, at, fail);
    const lookedUp = key.inherited ? lookUp(key.name) : undefined;
    if (lookedUp !== undefined) variables.set(key.name, lookedUp);
    if (key.inherited) {
      at = skipToStatement(whole, key.end);
      continue;
    }
    const { value, unknown, end } = readValue(whole, key.end, lookUp, fail);
    size += value.length;
    if (size > MAX_SIZE) throw fail("the variables of the file fill it to more than 64 million characters");
    const span = { source, start: at, end: Math.max(at, at + whole.slice(at, end).trimEnd().length) };
    variables.set(key.name, { value, from: file, at: span, ...(unknown.length === 0 ? {} : { unknown }) });
    at = skipToStatement(whole, end);
  }
}

const MAX_SIZE = 64 * 1024 * 1024;

type Fail = (message: string) => HardenError;

/** Over white space and comment lines; a comment only begins where a statement could. */
function skipToStatement(text: string, from: number): number {
  let at = from;
  for (;;) {
    at = skip(text, at, /\s/u);
    if (text[at] !== "#") return at;
    const end = text.indexOf("\n", at);
    at = end < 0 ? text.length : end;
  }
}

const BLANK = /[\t\v\f\r \u0085\u00A0]/;

function readKey(text: string, from: number, fail: Fail): { name: string; inherited: boolean; end: number } {
  const start = /^export\s+/.test(text.slice(from, from + 64)) ? skip(text, from + "export".length, BLANK) : from;
  for (let at = start; at < text.length; at++) {
    const letter = text[at] ?? "";
    if (letter === "=" || letter === ":" || letter === "\n") {
      const name = text.slice(start, at).trimEnd();
      if (name.includes(" ")) throw fail(`the name ${quote(name)} holds a blank`);
      return { name, inherited: letter === "\n", end: skip(text, at + 1, BLANK) };
    }
    if (!BLANK.test(letter) && !/[_.\-[\]\p{L}\p{N}\uD800-\uDFFF]/u.test(letter)) {
      throw fail(`${quote(letter)} cannot stand in the name of a variable`);
    }
  }
  // A name that the file ends with, without a line end, sets nothing.
  return { name: "", inherited: true, end: text.length };
}

interface Value {
  readonly value: string;
  readonly unknown: readonly string[];
  readonly end: number;
}

function readValue(text: string, from: number, lookUp: LookUp, fail: Fail): Value {
  const mark = text[from];
  if (mark === '"' || mark === "'") return readQuoted(text, from, mark, lookUp, fail);
  const lineEnd = text.indexOf("\n", from);
  const end = lineEnd < 0 ? text.length : lineEnd;
  const line = text.slice(from, end);
  const comment = line.indexOf(" #");
  const value = (comment < 0 ? line : line.slice(0, comment)).trimEnd();
  return { ...expand(value, lookUp, fail), end: lineEnd < 0 ? end : end + 1 };
}

function readQuoted(text: string, from: number, mark: string, lookUp: LookUp, fail: Fail): Value {
  let value = "";
  let escaped = false;
  for (let at = from + 1; at < text.length; at++) {
    const letter = text[at] ?? "";
    if (letter === mark && !escaped) {
      const end = at + 1;
      return mark === "'" ? { value, unknown: [], end } : { ...expand(unescape(value), lookUp, fail), end };
    }
    if (letter === "\\" && !escaped) {
      escaped = true;
      continue;
    }
    // A backslash goes only where it hides the quote.
    value += escaped && letter !== mark ? `\\${letter}` : letter;
    escaped = false;
  }
  throw fail("a quoted value is not closed");
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", '"': '"', "\\": "\\", $: "$$",
};

/** `\$` becomes `$$`, so that it is no variable; `\0123` is an octal. Others stay as they are. */
function unescape(value: string): string {
  return value.replace(/\\(?:([abfnrtv$"\\])|0(\d{0,3}))/g, (whole, letter: string | undefined, octal: string | undefined) => {
    if (letter !== undefined) return ESCAPES[letter] ?? whole;
    return octal !== undefined && /^[0-3][0-7]{2}$/.test(octal) ? String.fromCharCode(Number.parseInt(octal, 8)) : whole;
  });
}

function expand(value: string, lookUp: LookUp, fail: Fail): { value: string; unknown: readonly string[] } {
  const { text, unknown, fault } = substitute(value, lookUp);
  if (fault !== null) throw fail(fault.message);
  return { value: text, unknown };
}

function skip(text: string, from: number, letters: RegExp): number {
  let at = from;
  while (at < text.length && letters.test(text[at] ?? "")) at++;
  return at;
}

function lineAt(text: string, at: number): number {
  return text.slice(0, at).split("\n").length;
}
