/** Lines of a text by offset. */

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** Counted from 0; a byte order mark has no width. */
export function columnOf(text: string, offset: number): number {
  const start = lineStart(text, offset);
  return offset - start - (text.startsWith("\uFEFF", start) ? 1 : 0);
}

/** Where the line that holds `offset` ends, before its line break. What ends with a line break, as block scalars do, ends there. */
export function lineEnd(text: string, offset: number): number {
  const end = text[offset - 1] === "\n" ? offset - 1 : text.indexOf("\n", offset);
  if (end < 0) return text.length;
  return text[end - 1] === "\r" ? end - 1 : end;
}

/** Whether nothing but blanks stands before it on its line. */
export function isFirstOfLine(text: string, offset: number): boolean {
  return /^\uFEFF?[ \t]*$/.test(text.slice(lineStart(text, offset), offset));
}
