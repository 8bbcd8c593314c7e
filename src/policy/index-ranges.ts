/** Which of many ranges hold a place, without looking at all of them. */
import type { FilePlace } from "../facts/resource.ts";

interface Nest<T> {
  readonly range: FilePlace;
  readonly items: T[];
  /** The range that begins last of those that hold where this one begins: whatever holds this one's start is on the way up. */
  readonly outer: Nest<T> | null;
}

/** Gives a function from a place to the items whose range holds its start: the range that begins last first, of equal ones the first first. */
export function indexRanges<T>(entries: readonly { readonly range: FilePlace; readonly item: T }[]): (place: FilePlace) => T[] {
  const byFile = new Map<string, Nest<T>[]>();
  for (const { range, item } of [...entries].sort((a, b) => compareStarts(a.range, b.range) || -compareEnds(a.range, b.range))) {
    const nests = byFile.get(range.file) ?? [];
    byFile.set(range.file, nests);
    const last = nests.at(-1);
    if (last !== undefined && compareStarts(last.range, range) === 0 && compareEnds(last.range, range) === 0) last.items.push(item);
    else nests.push({ range, items: [item], outer: climb(last ?? null, range).next().value ?? null });
  }
  return (place) => [...climb(lastBefore(byFile.get(place.file) ?? [], place), place)].flatMap(({ items }) => items);
}

/** Of a range and those around it the ones that hold the start of `place`, innermost first. */
function* climb<T>(from: Nest<T> | null, place: FilePlace): Generator<Nest<T>, undefined> {
  for (let nest = from; nest !== null; nest = nest.outer) if (isBeforeEnd(place, nest.range)) yield nest;
}

function lastBefore<T>(nests: readonly Nest<T>[], place: FilePlace): Nest<T> | null {
  let low = 0;
  let high = nests.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const nest = nests[middle];
    if (nest !== undefined && compareStarts(nest.range, place) <= 0) low = middle + 1;
    else high = middle;
  }
  return nests[low - 1] ?? null;
}

function compareStarts(a: FilePlace, b: FilePlace): number {
  return a.line - b.line || a.column - b.column;
}

function compareEnds(a: FilePlace, b: FilePlace): number {
  return a.endLine - b.endLine || a.endColumn - b.endColumn;
}

function isBeforeEnd(place: FilePlace, range: FilePlace): boolean {
  return place.line < range.endLine || (place.line === range.endLine && place.column < range.endColumn);
}
