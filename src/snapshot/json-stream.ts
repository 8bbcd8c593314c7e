/** Several JSON values one after another, as programs print them that print one for each thing they are asked about. */

export interface JsonPart {
  readonly text: string;
  /** Of its first character in the whole text. */
  readonly offset: number;
}

/**
 * Cuts where a value in brackets ends, without judging what it holds. What stands between two values, or after the last one, is at the beginning of
 * a part of its own, where a parser finds it.
 */
export function splitJson(text: string): JsonPart[] {
  const parts: JsonPart[] = [];
  let begin = 0;
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === '"') index = endOfText(text, index);
    else if (character === "{" || character === "[") depth++;
    else if ((character === "}" || character === "]") && --depth <= 0) {
      parts.push(trimStart(text, begin, index + 1));
      begin = index + 1;
      depth = 0;
    }
  }
  if (text.slice(begin).trim() !== "") parts.push(trimStart(text, begin, text.length));
  return parts;
}

/** The index of the closing quote, or that of the last character. */
function endOfText(text: string, begin: number): number {
  for (let index = begin + 1; index < text.length; index++) {
    if (text[index] === "\\") index++;
    else if (text[index] === '"') return index;
  }
  return text.length;
}

function trimStart(text: string, begin: number, end: number): JsonPart {
  const part = text.slice(begin, end);
  const bare = part.trimStart();
  return { text: bare, offset: end - bare.length };
}
