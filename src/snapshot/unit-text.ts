/** Reads systemd's unit files (systemd.syntax(7)): assignments with the place of their values, and a value's words. */

export interface Assignment {
  readonly section: string;
  readonly key: string;
  /** Offset at which the value begins. */
  readonly offset: number;
}

export interface Word {
  readonly text: string;
  /** Offsets of the word with its quotes; the end is exclusive. */
  readonly offset: number;
  readonly end: number;
}

/** All `KEY=` lines in order, continued ones once. */
export function listAssignments(text: string): Assignment[] {
  const assignments: Assignment[] = [];
  let section = "";
  let continued = false;
  let offset = 0;
  for (const line of text.split("\n")) {
    const comment = /^\s*[#;]/.test(line);
    if (!continued && !comment) {
      section = /^\s*\[([^\]]+)\]/.exec(line)?.[1] ?? section;
      const [, head, key] = /^(\s*([A-Za-z]\w*)\s*=\s*)/.exec(line) ?? [];
      if (head !== undefined && key !== undefined) assignments.push({ section, key, offset: offset + head.length });
    }
    // A comment between continued lines is left out (systemd.syntax(7)).
    if (!comment) continued = line.endsWith("\\");
    offset += line.length + 1;
  }
  return assignments;
}

/** The words of the value at `offset`, up to the end of its last line: quotes taken off, `\` before a line's end being a blank. */
export function splitWords(text: string, offset: number): Word[] {
  const words: Word[] = [];
  const pattern = /\\\n(?:[ \t]*[#;][^\n]*\n)*|[ \t]+|\n|(?:"(?:\\[^\n]|[^"\\\n])*"?|'(?:\\[^\n]|[^'\\\n])*'?|\\[^\n]|[^\s"'\\]|\\$)+/y;
  pattern.lastIndex = offset;
  for (let match = pattern.exec(text); match !== null && match[0] !== "\n"; match = pattern.exec(text)) {
    if (/^(\\\n|[ \t])/.test(match[0])) continue;
    words.push({ text: unquote(match[0]), offset: match.index, end: pattern.lastIndex });
  }
  return words;
}

/** Quotes go, `\"`, `\\` and the like become the character; other escapes are left as they stand. */
function unquote(word: string): string {
  return word.replace(/"((?:\\.|[^"\\])*)"?|'((?:\\.|[^'\\])*)'?|\\(.)/g, (whole, double?: string, single?: string, escaped?: string) =>
    double !== undefined || single !== undefined ? (double ?? single ?? "").replace(/\\(["'\\ ])/g, "$1") : /["'\\ $]/.test(escaped ?? "") ? (escaped ?? "") : whole);
}
