/** What is put into a compose file: pairs into maps, items into lists, new values for old ones. */
import type { WrittenList, WrittenMap, WrittenNode, WrittenScalar } from "../../../compose/index.ts";
import type { TextEdit } from "../text-edits.ts";
import { columnOf, isFirstOfLine, lineEnd } from "./lines.ts";
import type { Plain, PlainMap } from "./plain.ts";
import { printEntry, printFlow, printPairs, printScalar, type Quotes, type Style } from "./print.ts";

/** A file that is edited. */
export interface Editable {
  readonly file: string;
  readonly text: string;
  readonly style: Style;
}

/** Behind the last pair, in lines of their own where the others have them. */
export function insertPairs(into: Editable, map: WrittenMap, pairs: PlainMap): TextEdit[] {
  const { file, text, style } = into;
  const last = map.pairs.at(-1);
  if (!map.flow) {
    const column = columnOf(text, map.start);
    return [insertAt(file, lineEnd(text, map.end), lines(Object.entries(pairs).flatMap(([key, value]) => printEntry(key, value, column, style)), style))];
  }
  const quotes: Quotes = last?.key.kind === "scalar" && last.key.form === "double" ? "double" : "plain";
  const printed = Object.entries(pairs).map(([key, value]) => printPairs({ [key]: value }, quotes));
  return last === undefined ? [insertAt(file, map.start + 1, printed.join(", "))] : insertFlow(into, map, { start: last.key.start, end: (last.value ?? last.key).end }, printed);
}

/** Before the first pair: where behind the last one no line can begin without changing what stands there. */
export function insertPairsFirst({ file, text, style }: Editable, map: WrittenMap, pairs: PlainMap): TextEdit {
  const column = columnOf(text, map.start);
  const printed = Object.entries(pairs).flatMap(([key, value]) => printEntry(key, value, column, style));
  return insertAt(file, map.start, `${printed.join(style.eol).slice(column)}${style.eol}${" ".repeat(column)}`);
}

/** The pairs as the value of a key that has none. */
export function insertBody({ file, text, style }: Editable, key: WrittenNode, pairs: PlainMap): TextEdit {
  const column = columnOf(text, key.start) + style.step;
  return insertAt(file, lineEnd(text, key.end), lines(Object.entries(pairs).flatMap(([name, value]) => printEntry(name, value, column, style)), style));
}

/** A value for a key that has none. */
export function insertValue({ file, text }: Editable, key: WrittenNode, value: Plain): TextEdit {
  return insertAt(file, text.indexOf(":", key.end) + 1, ` ${printFlow(value, "plain")}`);
}

/** Behind the last item, quoted as that is. */
export function appendItems(into: Editable, list: WrittenList, items: readonly Plain[]): TextEdit[] {
  const { file, text, style } = into;
  const last = list.items.at(-1);
  const quotes = last?.value?.kind === "scalar" ? quotesOf(last.value) : "plain";
  const printed = items.map((item) => printFlow(item, quotes));
  if (last === undefined) return [insertAt(file, list.start + 1, printed.join(", "))];
  if (list.flow) return insertFlow(into, list, { start: last.start, end: last.value?.end ?? last.start }, printed);
  const blanks = /^-( +)/.exec(text.slice(last.start, last.value?.start))?.[1] ?? " ";
  const column = columnOf(text, list.start);
  return [insertAt(file, lineEnd(text, list.end), lines(printed.map((item) => `${" ".repeat(column)}-${blanks}${item}`), style))];
}

/** Behind the last part of a flow collection; where that has its line for itself the new ones get lines too, and its comment stays with it. */
function insertFlow({ file, text, style }: Editable, collection: WrittenList | WrittenMap, last: { start: number; end: number }, printed: readonly string[]): TextEdit[] {
  const end = lineEnd(text, last.end);
  if (!isFirstOfLine(text, last.start) || collection.end <= end) return [insertAt(file, last.end, printed.map((one) => `, ${one}`).join(""))];
  const indent = style.eol + " ".repeat(columnOf(text, last.start));
  const closesWithComma = /^\s*,/.test(text.slice(last.end, end));
  const added = printed.map((one) => indent + one).join(",");
  return closesWithComma ? [insertAt(file, end, `${added},`)] : [insertAt(file, last.end, ","), insertAt(file, end, added)];
}

/** Text keeps its quotes. */
export function replaceScalar(file: string, node: WrittenScalar, value: Plain): TextEdit {
  const text = typeof value === "string" ? printScalar(value, quotesOf(node)) : printFlow(value, "plain");
  return { file, start: node.start, end: node.end, text };
}

export function insertAt(file: string, at: number, text: string): TextEdit {
  return { file, start: at, end: at, text };
}

function quotesOf({ form }: WrittenScalar): Quotes {
  return form === "block" ? "plain" : form;
}

function lines(printed: readonly string[], { eol }: Style): string {
  return printed.map((line) => eol + line).join("");
}
