import { expect, test } from "vitest";
import { cleanTexts } from "../../src/report/clean.ts";

test("every text, at any depth, keys too", () => {
  expect(cleanTexts({ "a\n": ["\u001b[2J", { b: "\u202e" }, 1, null, true] })).toEqual({ "a\\u{a}": ["\\u{1b}[2J", { b: "\\u{202e}" }, 1, null, true] });
});
