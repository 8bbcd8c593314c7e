/** A text that values come from, and where in it a value stands. */
import type { FilePlace } from "../facts/resource.ts";

export interface Source {
  /** As a person names it: relative to the working directory, with forward slashes. */
  readonly file: string;
  /** Offsets at which its lines begin. */
  readonly lineStarts: readonly number[];
  /** The places that include this file. */
  readonly includedAt: Span[];
}

/** Offsets into a source, end exclusive. Kept instead of lines and columns, which only findings need. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/**
 * The text with a line feed for every other character at which Compose's YAML library ends a line (those of YAML 1.1): what stands behind
 * one in a comment counts. A Windows line end stays, and so do all offsets.
 */
export function unifyBreaks(text: string): string {
  return text.replace(/\r(?!\n)|[\x85\u2028\u2029]/g, "\n");
}

export function createSource(file: string, text: string): Source {
  // A byte order mark has no width.
  const lineStarts = [text.startsWith("\uFEFF") ? 1 : 0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lineStarts.push(at + 1);
  return { file, lineStarts, includedAt: [] };
}

/** The start of a file, for what has no better place. */
export function startOf(file: string): Span {
  return { source: createSource(file, ""), start: 0, end: 0 };
}

export function placeOf({ source, start, end }: Span): FilePlace {
  const from = positionOf(source, start);
  const to = positionOf(source, Math.max(start, end));
  return { file: source.file, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}

/** Counts from 1. */
export function lineOf(source: Source, offset: number): number {
  return positionOf(source, offset).line;
}

function positionOf({ lineStarts }: Source, offset: number): { line: number; column: number } {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: Math.max(offset - (lineStarts[low] ?? 0), 0) + 1 };
}
