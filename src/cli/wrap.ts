/** Text for a terminal of 80 columns. */
import { escapeInvisible } from "../text.ts";

export const WIDTH = 80;

/** Breaks text at spaces into lines of at most `width` characters; a longer word stands alone. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return line === "" ? lines : [...lines, line];
}

/** Wrapped and indented text as one string; `first` replaces the indentation of the first line. */
export function wrapIndented(text: string, indent: string, first: string = indent): string {
  return wrap(text, WIDTH - indent.length).map((line, index) => (index === 0 ? first : indent) + line).join("\n");
}

/** Each line that is too long goes on below itself, further in. */
export function foldLines(text: string): string {
  return text.split("\n").map((line) => {
    if (line.length <= WIDTH) return line;
    const indent = " ".repeat(line.length - line.trimStart().length);
    return wrapIndented(line, `${indent}    `, indent);
  }).join("\n");
}

/** Text of several lines without anything that a terminal would act upon: policies may come from strangers. */
export function printable(text: string): string {
  return text.split("\n").map(escapeInvisible).join("\n");
}
