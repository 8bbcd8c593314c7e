/** The set algebra against plain sets of a tiny space. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { complement, contains, intersect, numberRange, subtract, unite, uniteAll } from "../../../src/netfilter/sets/intervals.ts";

const size = 16;
const everything = Array.from({ length: size }, (_, value) => value);
const range = fc.tuple(fc.nat(size - 1), fc.nat(size - 1)).map(([a, b]) => numberRange(Math.min(a, b), Math.max(a, b)));
const set = fc.array(range, { maxLength: 6 }).map(uniteAll);

function members(intervals: readonly number[]): readonly number[] {
  return everything.filter((value) => contains(intervals, value));
}

function isCanonical(intervals: readonly number[]): boolean {
  return intervals.length % 2 === 0 && intervals.every((bound, index) => index === 0 || bound > (intervals[index - 1] ?? bound));
}

describe("intervals", () => {
  it("hold what the ranges hold", () => {
    expect(members(numberRange(3, 3))).toEqual([3]);
    expect(members(numberRange(3, 5))).toEqual([3, 4, 5]);
    expect(uniteAll([numberRange(3, 5), numberRange(6, 7)])).toEqual([3, 8]);
  });

  it("are united, cut and subtracted as sets are, and stay in canonical form", () => {
    fc.assert(
      fc.property(set, set, (left, right) => {
        const [inLeft, inRight] = [left, right].map((one) => new Set(members(one)));
        const results = [unite(left, right), intersect(left, right), subtract(left, right), complement(left, numberRange(0, size - 1))];
        expect(results.map(members)).toEqual([
          everything.filter((value) => inLeft?.has(value) === true || inRight?.has(value) === true),
          everything.filter((value) => inLeft?.has(value) === true && inRight?.has(value) === true),
          everything.filter((value) => inLeft?.has(value) === true && inRight?.has(value) !== true),
          everything.filter((value) => inLeft?.has(value) !== true),
        ]);
        expect(results.every(isCanonical)).toBe(true);
      }),
    );
  });

  it("are cut and subtracted alike where one has many times the bounds of the other", () => {
    const many = fc.uniqueArray(fc.nat(400), { minLength: 60, maxLength: 120 }).map((bounds) => bounds.slice(bounds.length % 2).sort((a, b) => a - b));
    const few = fc.uniqueArray(fc.nat(400), { maxLength: 4 }).map((bounds) => bounds.slice(bounds.length % 2).sort((a, b) => a - b));
    const inBoth = (left: readonly number[], right: readonly number[], wanted: boolean): readonly number[] =>
      uniteAll(Array.from({ length: 401 }, (_, value) => value).filter((value) => contains(left, value) && contains(right, value) === wanted).map((value) => numberRange(value, value)));
    fc.assert(
      fc.property(many, few, (large, small) => {
        expect([intersect(large, small), intersect(small, large), subtract(large, small), subtract(small, large)]).toEqual([
          inBoth(large, small, true), inBoth(large, small, true), inBoth(large, small, false), inBoth(small, large, false),
        ]);
      }),
    );
  });

  it("of many sets are united at once as one after the other", () => {
    fc.assert(
      fc.property(fc.array(set, { maxLength: 8 }), (sets) => {
        expect(uniteAll(sets)).toEqual(sets.reduce(unite, []));
      }),
    );
  });
});
