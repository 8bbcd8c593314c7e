/** The comments of a YAML text, told from look-alikes in its scalars by the tokens that YAML itself sees. */
import { Lexer } from "yaml";

export interface Comment {
  /** From its `#` on, without the end of the line. */
  readonly text: string;
  readonly start: number;
  /** Whether it is alone on its line. */
  readonly alone: boolean;
}

/** What the lexer puts between the pieces of the text itself: a document begins, a flow collection breaks off. */
const MARKS = ["\x02", "\x18"];
/** The next piece is a plain or block scalar, whatever it looks like. */
const SCALAR = "\x1f";

export function listComments(text: string): Comment[] {
  const comments: Comment[] = [];
  let offset = 0;
  let isScalar = false;
  for (const piece of new Lexer().lex(text)) {
    if (!isScalar && MARKS.includes(piece)) continue;
    if (!isScalar && piece === SCALAR) {
      isScalar = true;
      continue;
    }
    if (!isScalar && piece.startsWith("#")) {
      const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
      comments.push({ text: piece, start: offset, alone: /^\uFEFF?[ \t]*$/.test(text.slice(lineStart, offset)) });
    }
    isScalar = false;
    offset += piece.length;
  }
  return comments;
}
