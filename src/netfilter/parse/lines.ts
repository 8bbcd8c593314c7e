/** Splits a dump into its lines: comments, table and chain lines, COMMIT, and the words of rules. */
import type { Counters, LineEnd } from "../model.ts";
import { RulesetError } from "../errors.ts";
import { type Words, readWords } from "./words.ts";

export type RawLine = { readonly number: number; readonly end: LineEnd } & (
  | { readonly kind: "blank" | "comment" | "commit"; readonly text: string }
  | { readonly kind: "table"; readonly text: string; readonly name: string }
  | { readonly kind: "chain"; readonly text: string; readonly name: string; readonly policy: string | null; readonly counters: Counters | null }
  | { readonly kind: "rule"; readonly words: Words }
);

/** The lines in order; a rule that spans several lines of text is one. */
export function* readLines(text: string): Generator<RawLine> {
  let position = 0;
  let number = 1;
  while (position < text.length) {
    const line = readPlainLine(text, position, number);
    if (line === null) {
      const words = readWords(text, position, number);
      const end = lineEndAt(text, words.end);
      yield { kind: "rule", number, words, end };
      position = words.end + end.length;
      number += words.lines;
    } else {
      yield line;
      position += line.text.length + line.end.length;
      number++;
    }
  }
}

type PlainLine = Exclude<RawLine, { readonly kind: "rule" }>;

/** The line at `start`; null if it is a rule. */
function readPlainLine(text: string, start: number, number: number): PlainLine | null {
  const { content, end } = cutLine(text, start);
  const common = { text: content, end, number };
  const trimmed = content.trim();
  if (trimmed === "") return { kind: "blank", ...common };
  if (content.startsWith("#")) return { kind: "comment", ...common };
  if (content.startsWith("*")) return { kind: "table", ...common, name: tableName(trimmed, number) };
  if (content.startsWith(":")) return { kind: "chain", ...common, ...chainFields(trimmed, number) };
  return trimmed === "COMMIT" ? { kind: "commit", ...common } : null;
}

function cutLine(text: string, start: number): { readonly content: string; readonly end: LineEnd } {
  const lineFeed = text.indexOf("\n", start);
  const content = text.slice(start, lineFeed === -1 ? text.length : lineFeed);
  if (lineFeed === -1) return { content, end: "" };
  return content.endsWith("\r") ? { content: content.slice(0, -1), end: "\r\n" } : { content, end: "\n" };
}

function lineEndAt(text: string, position: number): LineEnd {
  if (text[position] === "\n") return "\n";
  return text.startsWith("\r\n", position) ? "\r\n" : "";
}

function tableName(trimmed: string, line: number): string {
  const name = /^\*([^ \t]+)$/.exec(trimmed)?.[1];
  if (name === undefined) throw new RulesetError("a table line is * and a name", line);
  return name;
}

type ChainFields = Pick<Extract<RawLine, { readonly kind: "chain" }>, "name" | "policy" | "counters">;

function chainFields(trimmed: string, line: number): ChainFields {
  const [, name, policy, packets, bytes] = /^:([^ \t]+)[ \t]+([^ \t]+)(?:[ \t]+\[(\d+):(\d+)\])?$/.exec(trimmed) ?? [];
  if (name === undefined || policy === undefined) throw new RulesetError("a chain line is :NAME POLICY [PACKETS:BYTES]", line);
  return { name, policy: policy === "-" ? null : policy, counters: toCounters(packets, bytes) };
}

/** Counters from their digits, null where there are none. */
export function toCounters(packets: string | undefined, bytes: string | undefined): Counters | null {
  return packets === undefined || bytes === undefined ? null : { packets: Number(packets), bytes: Number(bytes) };
}
