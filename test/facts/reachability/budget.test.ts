import { expect, test } from "vitest";
import { openBudget } from "../../../src/facts/reachability/budget.ts";

const EMPTY = { tables: [], gaps: [] };

test("so many questions as their walks may meet rules; refused ones do not count as asked", () => {
  const budget = openBudget(EMPTY, 550);
  expect([budget.take(3), budget.take(3), budget.take(2), budget.take(1), budget.refused()]).toEqual([true, false, true, false, 2]);
});

test("questions are not counted where not even the least of them is left", () => {
  const budget = openBudget(EMPTY, 300);
  const counted: number[] = [];
  const take = (number: number): boolean => budget.take(1, () => {
    counted.push(number);
    return number;
  });
  expect([take(4), take(2), take(1), take(7), take(8), budget.refused()]).toEqual([false, true, true, false, false, 3]);
  expect(counted).toEqual([4, 2, 1]);
});
