/** Edits in several rounds, told as edits of the text that was there first. */
import type { TextEdit } from "./text-edits.ts";

type Piece = { readonly start: number; readonly end: number } | { readonly text: string };

/** Edits of one text that do the same as `rounds` one after the other; each round is sorted, without overlaps, and speaks of the text before it. */
export function combineRounds(file: string, text: string, rounds: readonly (readonly TextEdit[])[]): TextEdit[] {
  const pieces = rounds.reduce<readonly Piece[]>(editPieces, [{ start: 0, end: text.length }]);
  const edits: TextEdit[] = [];
  let at = 0;
  let added = "";
  for (const piece of [...pieces, { start: text.length, end: text.length }]) {
    if ("text" in piece) added += piece.text;
    else {
      if (piece.start > at || added !== "") edits.push({ file, start: at, end: piece.start, text: added });
      at = piece.end;
      added = "";
    }
  }
  return edits.filter(({ start, end, text: replacement }) => text.slice(start, end) !== replacement);
}

/** What is left of the first text and what was put in, in order. */
function editPieces(pieces: readonly Piece[], edits: readonly TextEdit[]): readonly Piece[] {
  const result: Piece[] = [];
  const rest = [...pieces].reverse();
  let at = 0;
  const take = (until: number, keep: boolean): void => {
    while (at < until) {
      const piece = rest.pop();
      if (piece === undefined) return;
      const [head, tail] = split(piece, until - at);
      if (keep) result.push(head);
      if (tail !== null) rest.push(tail);
      at += lengthOf(head);
    }
  };
  for (const { start, end, text } of edits) {
    take(start, true);
    result.push({ text });
    take(end, false);
  }
  return [...result, ...rest.reverse()];
}

function split(piece: Piece, length: number): [Piece, Piece | null] {
  if (lengthOf(piece) <= length) return [piece, null];
  if ("text" in piece) return [{ text: piece.text.slice(0, length) }, { text: piece.text.slice(length) }];
  const middle = piece.start + length;
  return [{ start: piece.start, end: middle }, { start: middle, end: piece.end }];
}

function lengthOf(piece: Piece): number {
  return "text" in piece ? piece.text.length : piece.end - piece.start;
}
