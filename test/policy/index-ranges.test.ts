import fc from "fast-check";
import { expect, it } from "vitest";
import type { FilePlace } from "../../src/facts/resource.ts";
import { indexRanges } from "../../src/policy/index-ranges.ts";

/** A place on a grid of three columns a line. */
function rangeOf(start: number, end: number, file = "a"): FilePlace {
  return { file, line: Math.floor(start / 3) + 1, column: (start % 3) + 1, endLine: Math.floor(end / 3) + 1, endColumn: (end % 3) + 1 };
}

it("gives the innermost first, equal ones in their order", () => {
  const holds = indexRanges([[0, 20, "all"], [3, 9, "one"], [3, 9, "two"], [4, 5, "in"], [10, 12, "next"]].map(([start, end, item]) => ({ range: rangeOf(Number(start), Number(end)), item })));
  expect(holds(rangeOf(4, 4))).toEqual(["in", "one", "two", "all"]);
  expect(holds(rangeOf(9, 30))).toEqual(["all"]);
  expect(holds(rangeOf(20, 21))).toEqual([]);
  expect(holds(rangeOf(4, 4, "b"))).toEqual([]);
});

it("gives what looking at every range gives, whether they nest, cross or are alike", () => {
  const range = fc.tuple(fc.nat(20), fc.nat(20), fc.constantFrom("a", "b"));
  fc.assert(fc.property(fc.array(range, { maxLength: 12 }), fc.nat(40), (ranges, at) => {
    const holds = indexRanges(ranges.map(([start, length, file], item) => ({ range: rangeOf(start, start + length, file), item })));
    const expected = ranges.flatMap(([start, length, file], item) => (file === "a" && start <= at && at < start + length ? [item] : []));
    expect(holds(rangeOf(at, at)).sort((a, b) => a - b)).toEqual(expected);
  }), { numRuns: 2000 });
});
