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
  // The whole of what there is, or all but a few, is asked for most often.
  if (covers(right, left)) return left;
  if (covers(left, right)) return right;
  if (isMuchSmaller(right, left)) return cutOut(left, right);
  if (isMuchSmaller(left, right)) return cutOut(right, left);
  return combine(left, right, (inLeft, inRight) => inLeft && inRight);
}

/** What is in `left` and not in `right`. */
export function subtract<T extends number | bigint>(left: Intervals<T>, right: Intervals<T>): Intervals<T> {
  if (isMuchSmaller(right, left)) return cutAway(left, right);
  if (isMuchSmaller(left, right)) return combine(left, cutOut(right, left), (inLeft, inRight) => inLeft && !inRight);
  return combine(left, right, (inLeft, inRight) => inLeft && !inRight);
}

/** Whether the outer set is one interval that holds the inner one. */
function covers<T extends number | bigint>(outer: Intervals<T>, inner: Intervals<T>): boolean {
  const [from, to] = outer;
  const [first] = inner;
  const last = inner.at(-1);
  return first === undefined || last === undefined || (outer.length === 2 && from !== undefined && to !== undefined && from <= first && last <= to);
}

/** The union of many sets at once: n log n in the number of bounds, in whatever order the sets come. */
export function uniteAll<T extends number | bigint>(sets: readonly Intervals<T>[]): Intervals<T> {
  const [first, second, ...others] = sets;
  if (second === undefined) return first ?? [];
  if (others.length === 0) return unite(first ?? [], second);
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

/** Then looking places up costs less than going through both. */
function isMuchSmaller(small: readonly unknown[], large: readonly unknown[]): boolean {
  return large.length > 32 && small.length * 16 < large.length;
}

/** What of the large set lies in the small one. */
function cutOut<T extends number | bigint>(large: Intervals<T>, small: Intervals<T>): Intervals<T> {
  const bounds: T[] = [];
  for (let i = 0; i + 1 < small.length; i += 2) {
    const from = small[i];
    const to = small[i + 1];
    if (from === undefined || to === undefined) break;
    const [first, last] = [countUpTo(large, from), countBelow(large, to)];
    if (first % 2 === 1) bounds.push(from);
    for (let index = first; index < last; index++) bounds.push(large[index] ?? to);
    if (last % 2 === 1) bounds.push(to);
  }
  return bounds;
}

/** What of the large set lies outside the small one. */
function cutAway<T extends number | bigint>(large: Intervals<T>, small: Intervals<T>): Intervals<T> {
  const parts: (readonly T[])[] = [];
  let done = 0;
  for (let i = 0; i + 1 < small.length; i += 2) {
    const from = small[i];
    const to = small[i + 1];
    if (from === undefined || to === undefined) break;
    const [first, last] = [countBelow(large, from), countUpTo(large, to)];
    if (first % 2 === 0 && last === first) continue;
    parts.push(large.slice(done, first));
    if (first % 2 === 1) parts.push([from]);
    if (last % 2 === 1) parts.push([to]);
    done = last;
  }
  if (done === 0) return large;
  parts.push(large.slice(done));
  return ([] as T[]).concat(...parts);
}

/** Number of bounds below the value. */
function countBelow<T extends number | bigint>(set: Intervals<T>, value: T): number {
  let low = 0;
  let high = set.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const bound = set[middle];
    if (bound !== undefined && bound < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Number of bounds at or below the value: odd inside an interval. */
export function countUpTo<T extends number | bigint>(set: Intervals<T>, value: T): number {
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
