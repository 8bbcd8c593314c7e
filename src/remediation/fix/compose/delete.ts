/** What is taken out of a compose file, with the lines that hold nothing else. */
import type { WrittenList, WrittenMap } from "../../../compose/index.ts";
import type { TextEdit } from "../text-edits.ts";
import type { Editable } from "./insert.ts";
import { isFirstOfLine, lineEnd, lineStart } from "./lines.ts";

/** Null if it cannot be told where it ends; the only pair of a map goes with the map, which is the caller's to see to. */
export function deletePair(from: Editable, map: WrittenMap, index: number): TextEdit | null {
  const spans = map.pairs.map(({ key, value }) => ({ start: key.start, end: (value ?? key).end }));
  const [edit = null] = map.flow ? deleteFlow(from.file, spans, new Set([index])) : [deleteBlock(from, spans, index)];
  return edit;
}

/** Null if it cannot be told where they end. At least one item has to stay. */
export function deleteItems(from: Editable, list: WrittenList, indexes: ReadonlySet<number>): TextEdit[] | null {
  const spans = list.items.map(({ start, value }) => ({ start, end: value?.end ?? start + 1 }));
  if (list.flow) return list.items.some(({ value }, index) => indexes.has(index) && (value?.anchored === true || value?.tag != null)) ? null : deleteFlow(from.file, spans, indexes);
  const edits = [...indexes].map((index) => deleteBlock(from, spans, index));
  return edits.every((edit) => edit !== null) ? edits : null;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Whole lines; what stands behind a dash of a list goes up to what follows it. */
function deleteBlock({ file, text }: Editable, spans: readonly Span[], index: number): TextEdit | null {
  const span = spans[index];
  if (span === undefined) return null;
  const next = spans[index + 1];
  if (!isFirstOfLine(text, span.start)) return next === undefined ? null : { file, start: span.start, end: next.start, text: "" };
  const start = lineStart(text, span.start);
  const end = lineEnd(text, span.end);
  const after = text.indexOf("\n", end) + 1;
  if (after > 0) return { file, start: start + (text.startsWith("\uFEFF", start) ? 1 : 0), end: after, text: "" };
  // The last line has no line break: the one before it is then the last, and has none either.
  return { file, start: Math.max(0, start - (text[start - 2] === "\r" ? 2 : 1)), end, text: "" };
}

/** Runs of neighbours, each with the comma that set it off from what stays. */
function deleteFlow(file: string, spans: readonly Span[], indexes: ReadonlySet<number>): TextEdit[] {
  const edits: TextEdit[] = [];
  spans.forEach((span, index) => {
    if (!indexes.has(index) || indexes.has(index - 1)) return;
    const nextKept = spans.findIndex((_, other) => other > index && !indexes.has(other));
    const lastGone = spans[(nextKept < 0 ? spans.length : nextKept) - 1] ?? span;
    const before = spans[index - 1];
    if (before !== undefined) edits.push({ file, start: before.end, end: lastGone.end, text: "" });
    else if (nextKept >= 0) edits.push({ file, start: span.start, end: spans[nextKept]?.start ?? span.end, text: "" });
  });
  return edits;
}
