/** Edits of a file as a unified diff, as `patch -p0` and `git apply -p0` take it. */
import { createSource, lineOf } from "../../compose/index.ts";
import type { TextEdit } from "./text-edits.ts";

const CONTEXT = 3;

/**
 * "" where nothing changes. The edits are sorted and do not overlap. Lines around a change end before one that `hides` (it holds a credential): a
 * diff goes to logs. Where that is the very next line `git apply` wants --unidiff-zero.
 */
export function renderDiff(file: string, text: string, edits: readonly TextEdit[], hides: (line: string) => boolean): string {
  const lines = splitLines(text);
  const hunks = groupChanges(listChanges(file, text, lines, edits), (from, to) => lines.slice(from, to).some(hides));
  if (hunks.length === 0) return "";
  const name = quoteName(file);
  let shift = 0;
  const parts = hunks.map((changes) => {
    const part = renderHunk(lines, changes, shift, hides);
    shift += changes.reduce((sum, { from, to, added }) => sum + added.length - (to - from), 0);
    return part;
  });
  return `--- ${name}\n+++ ${name}\n${parts.join("")}`;
}

/** Each with its line end; the last may have none. */
function splitLines(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

/** Lines `from` to `to`, counted from 0, the end exclusive, are replaced. */
interface LineChange {
  readonly from: number;
  readonly to: number;
  readonly added: readonly string[];
}

function listChanges(file: string, text: string, lines: readonly string[], edits: readonly TextEdit[]): LineChange[] {
  const source = createSource(file, text);
  // The first line begins with its byte order mark, if it has one.
  const startOf = (line: number): number => (line === 0 ? 0 : line < lines.length ? (source.lineStarts[line] ?? text.length) : text.length);
  // The end of the text counts to its last line.
  const lineAt = (offset: number): number => Math.max(0, Math.min(lines.length, lineOf(source, offset)) - 1);
  const lineFrom = (offset: number): number => (startOf(lineAt(offset)) >= offset ? lineAt(offset) : lineAt(offset) + 1);
  const changes: LineChange[] = [];
  for (let index = 0; index < edits.length;) {
    const first = edits[index];
    if (first === undefined) break;
    const from = lineAt(first.start);
    let to: number;
    let replaced = "";
    let at = startOf(from);
    do {
      const { start, end, text: addition } = edits[index] ?? first;
      replaced += text.slice(at, start) + addition;
      at = end;
      // An edit that ends at a line's start does not touch that line, unless what it leaves has no line end of its own.
      to = Math.min(lines.length, replaced === "" || replaced.endsWith("\n") ? lineFrom(end) : lineAt(end) + 1);
      index++;
    } while (index < edits.length && (to >= lines.length || (edits[index]?.start ?? 0) < startOf(to)));
    replaced += text.slice(at, startOf(to));
    changes.push(trimChange(lines, { from, to, added: splitLines(replaced) }));
  }
  return joinNeighbours(changes.filter(({ from, to, added }) => to > from || added.length > 0));
}

/** What goes is told before what comes. */
function joinNeighbours(changes: readonly LineChange[]): LineChange[] {
  const joined: LineChange[] = [];
  for (const change of changes) {
    const before = joined.at(-1);
    if (before?.to === change.from) joined[joined.length - 1] = { from: before.from, to: change.to, added: [...before.added, ...change.added] };
    else joined.push(change);
  }
  return joined;
}

/** Without the lines that stay the same at both ends. */
function trimChange(lines: readonly string[], { from, to, added }: LineChange): LineChange {
  let [first, last, head, tail] = [from, to, 0, added.length];
  while (first < last && head < tail && lines[first] === added[head]) [first, head] = [first + 1, head + 1];
  while (last > first && tail > head && lines[last - 1] === added[tail - 1]) [last, tail] = [last - 1, tail - 1];
  return { from: first, to: last, added: added.slice(head, tail) };
}

/** Changes whose context would touch go into one hunk, unless something is hidden between them. */
function groupChanges(changes: readonly LineChange[], isHidden: (from: number, to: number) => boolean): LineChange[][] {
  const groups: LineChange[][] = [];
  for (const change of changes) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    if (group !== undefined && before !== undefined && change.from - before.to <= 2 * CONTEXT && !isHidden(before.to, change.from)) group.push(change);
    else groups.push([change]);
  }
  return groups;
}

/** `shift` is how many lines more the new text has before it. */
function renderHunk(lines: readonly string[], changes: readonly LineChange[], shift: number, hides: (line: string) => boolean): string {
  const [first, last] = [changes[0]?.from ?? 0, changes.at(-1)?.to ?? 0];
  const context = visibleContext(lines, first, last, hides);
  const start = Math.max(0, first - context);
  const end = Math.min(lines.length, last + context);
  const body: string[] = [];
  let at = start;
  let growth = 0;
  for (const { from, to, added } of changes) {
    body.push(...lines.slice(at, from).map((line) => mark(" ", line)), ...lines.slice(from, to).map((line) => mark("-", line)), ...added.map((line) => mark("+", line)));
    at = to;
    growth += added.length - (to - from);
  }
  body.push(...lines.slice(at, end).map((line) => mark(" ", line)));
  return `@@ -${range(start, end - start)} +${range(start + shift, end - start + growth)} @@\n${body.join("")}`;
}

/** As many lines on both sides: a hunk with fewer on one is taken for the start or the end of the file. */
function visibleContext(lines: readonly string[], first: number, last: number, hides: (line: string) => boolean): number {
  let context = 0;
  while (context < CONTEXT && ![lines[first - context - 1], lines[last + context]].some((line) => line !== undefined && hides(line))) context++;
  return context;
}

function mark(sign: string, line: string): string {
  return line.endsWith("\n") ? sign + line : `${sign}${line}\n\\ No newline at end of file\n`;
}

/** Lines count from 1; of an empty range the line before it is named. */
function range(start: number, length: number): string {
  return `${length === 0 ? start : start + 1},${length}`;
}

/** As git does it for names that a reader could not tell the end of. */
function quoteName(file: string): string {
  if (!/[\p{Cc}"\\]/u.test(file)) return /\s/.test(file) ? `${file}\t` : file;
  return `"${[...Buffer.from(file)].map((byte) => (byte >= 32 && byte < 127 && byte !== 34 && byte !== 92 ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`)).join("")}"`;
}
