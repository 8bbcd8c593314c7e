/** Lines of a width. */

/** Breaks text at blanks into lines of at most `width` columns. `first` begins the first line, `rest` the others; a longer word stands alone. */
export function foldText(text: string, width: number, first = "", rest = first): string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(" ").filter((part) => part !== "")) {
    if (!empty && columnsOf(line) + 1 + columnsOf(word) > width) {
      lines.push(line);
      line = rest + word;
    } else {
      line += empty ? word : ` ${word}`;
    }
    empty = false;
  }
  return [...lines, line];
}

/** Columns that a text takes: wide East Asian letters and emoji two, combining marks none. */
function columnsOf(text: string): number {
  if (SIMPLE.test(text)) return text.length;
  let columns = 0;
  for (const letter of text) columns += /\p{M}/u.test(letter) ? 0 : WIDE.test(letter) ? 2 : 1;
  return columns;
}

/** ASCII, and what the report itself puts around it: no need to look at each letter. */
const SIMPLE = /^[ -~\u00b7\u2026\u2717]*$/;

const WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
