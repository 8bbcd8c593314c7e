import fc from "fast-check";
import { expect, test } from "vitest";
import { foldText } from "../../../src/report/console/fold.ts";

test("lines are filled and hang", () => {
  expect(foldText("one two three four", 10, "- ", "  ")).toEqual(["- one two", "  three", "  four"]);
  expect(foldText("", 10, "- ")).toEqual(["- "]);
  expect(foldText("averylongwordindeed x", 10)).toEqual(["averylongwordindeed", "x"]);
  expect(foldText("日本語 日本語", 10)).toEqual(["日本語", "日本語"]);
  expect(foldText("é́e é́e", 7)).toEqual(["é́e é́e"]);
});

test("no word is lost, no line too long but for a single word", () => {
  const words = fc.array(fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1, maxLength: 15 }), { minLength: 1 });
  fc.assert(fc.property(words, fc.integer({ min: 4, max: 30 }), (given, width) => {
    const lines = foldText(given.join(" "), width, "- ", "  ");
    expect(lines.map((line) => line.slice(2)).join(" ")).toBe(given.join(" "));
    expect(lines.filter((line) => line.length > width && line.slice(2).includes(" "))).toEqual([]);
  }));
});
