/**
 * Splits a rule into words as iptables-restore does: at blanks and tabs, with double quotes, in which a backslash makes the next
 * character plain. A quote opens only at the start of a word (or behind `--option=`), because iptables-save quotes nowhere else and
 * prints names of chains and interfaces raw. A quoted comment may hold line breaks: iptables-save prints them as they are, so that a
 * reader of lines would take what follows for a rule.
 */
import { RulesetError } from "../errors.ts";
import type { Token } from "../model.ts";

export interface Words {
  readonly tokens: readonly Token[];
  /** White space behind the last word, without the line end. */
  readonly after: string;
  /** Where the line end, or the end of the text, is. */
  readonly end: number;
  /** Lines that the words take up, at least 1. */
  readonly lines: number;
}

/** The words from `start` to the next line end outside quotes. */
export function readWords(text: string, start: number, line: number): Words {
  const tokens: Token[] = [];
  let position = start;
  let lines = 1;
  for (;;) {
    const gapEnd = skipBlanks(text, position);
    const before = text.slice(position, gapEnd);
    if (isLineEnd(text, gapEnd)) return { tokens, after: before, end: gapEnd, lines };
    const word = readWord(text, gapEnd, line);
    if (word.quoted || word.raw.endsWith('"')) lines += countBreaks(word.raw);
    tokens.push({ before, ...word });
    position = gapEnd + word.raw.length;
  }
}

type Word = Omit<Token, "before">;

function readWord(text: string, start: number, line: number): Word {
  if (text[start] === '"') return { ...readQuoted(text, start, line), quoted: true };
  let end = start;
  while (!isBlank(text, end) && !isLineEnd(text, end)) {
    if (text[end] === '"' && text[end - 1] === "=" && text.startsWith("--", start)) {
      const { raw, value } = readQuoted(text, end, line);
      return { raw: text.slice(start, end) + raw, value: text.slice(start, end) + value, quoted: false };
    }
    end++;
  }
  const raw = text.slice(start, end);
  return { raw, value: raw, quoted: false };
}

function readQuoted(text: string, start: number, line: number): { readonly raw: string; readonly value: string } {
  const parts: string[] = [];
  let plainFrom = start + 1;
  let position = plainFrom;
  while (text[position] !== '"') {
    if (text[position] === "\\") {
      parts.push(text.slice(plainFrom, position));
      plainFrom = position + 1;
      position++;
    }
    if (position >= text.length) throw new RulesetError("a quote is not closed", line);
    position++;
  }
  const end = position + 1;
  if (!isBlank(text, end) && !isLineEnd(text, end)) throw new RulesetError("a closing quote is not followed by a blank", line);
  return { raw: text.slice(start, end), value: parts.join("") + text.slice(plainFrom, position) };
}

function skipBlanks(text: string, from: number): number {
  let position = from;
  while (isBlank(text, position)) position++;
  return position;
}

function isBlank(text: string, position: number): boolean {
  return text[position] === " " || text[position] === "\t";
}

/** `\n`, `\r\n` or the end of the text. A `\r` elsewhere is a character like others. */
function isLineEnd(text: string, position: number): boolean {
  const character = text[position];
  return character === undefined || character === "\n" || (character === "\r" && text[position + 1] === "\n");
}

function countBreaks(raw: string): number {
  return raw.split("\n").length - 1;
}
