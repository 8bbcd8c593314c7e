/**
 * Sets of numbers as sorted bounds: `[a, b, c, d]` holds a ≤ x < b and c ≤ x < d. Half open, so that no operation needs the next
 * number and the same code serves ports (number) and addresses (bigint). Bounds rise strictly; the empty list is the empty set.
 */
export type Intervals<T extends number | bigint> = readonly T[];

/** The numbers `from` to `to`, both inclusive. */
export function numberRange(from: number, to: number): Intervals<number> {
  return [from, to + 1];
}

/** The numbers `from` to `to`, both inclusive. */
export function bigintRange(from: bigint, to: bigint): Intervals<bigint> {
  return [from, to + 1n];
}

/** Whether the number is in the set; logarithmic. */
export function contains<T extends number | bigint>(set: Intervals<T>, value: T): boolean {
  return countUpTo(set, value) % 2 === 1;
}

/** Everything of `space`, itself a set, that is not in the set. */
export function complement<T extends number | bigint>(set: Intervals<T>, space: Intervals<T>): Intervals<T> {
  return combine(space, set, (inSpace, inSet) => inSpace && !inSet);
}

export function unite<T extends number | bigint>(left: Intervals<T>, right: Intervals<T>): Intervals<T> {
  return combine(left, right, (inLeft, inRight) => inLeft || inRight);
}

export function intersect<T extends number | bigint>(left: Intervals<T>, right: Intervals<T>): Intervals<T> {
  return combine(left, right, (inLeft, inRight) => inLeft && inRight);
}

/** What is in `left` and not in `right`. */
export function subtract<T extends number | bigint>(left: Intervals<T>, right: Intervals<T>): Intervals<T> {
  return combine(left, right, (inLeft, inRight) => inLeft && !inRight);
}

/** The union of many sets at once: n log n in the number of bounds, in whatever order the sets come. */
export function uniteAll<T extends number | bigint>(sets: readonly Intervals<T>[]): Intervals<T> {
  const edges = sets.flatMap((set) => set.map((bound, index) => ({ bound, step: index % 2 === 0 ? 1 : -1 })));
  edges.sort((a, b) => (a.bound < b.bound ? -1 : a.bound > b.bound ? 1 : b.step - a.step));
  const bounds: T[] = [];
  let depth = 0;
  for (const { bound, step } of edges) {
    const before = depth;
    depth += step;
    if ((before === 0) !== (depth === 0)) push(bounds, bound);
  }
  return bounds;
}

/** Number of bounds at or below the value: odd inside an interval. */
function countUpTo<T extends number | bigint>(set: Intervals<T>, value: T): number {
  let low = 0;
  let high = set.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const bound = set[middle];
    if (bound !== undefined && bound <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function combine<T extends number | bigint>(left: Intervals<T>, right: Intervals<T>, keep: (inLeft: boolean, inRight: boolean) => boolean): Intervals<T> {
  const bounds: T[] = [];
  let i = 0;
  let j = 0;
  let kept = false;
  for (;;) {
    const a = left[i];
    const b = right[j];
    const next = a === undefined ? b : b === undefined ? a : a < b ? a : b;
    if (next === undefined) return bounds;
    if (a === next) i++;
    if (b === next) j++;
    if (keep(i % 2 === 1, j % 2 === 1) === kept) continue;
    kept = !kept;
    bounds.push(next);
  }
}

/** Two intervals that touch are one. */
function push<T extends number | bigint>(bounds: T[], bound: T): void {
  if (bounds.at(-1) === bound) bounds.pop();
  else bounds.push(bound);
}
