import { expect, it } from "vitest";
import { splitWords } from "../../../src/compose/values/shell-words.ts";

it.each([
  ["a b  c", ["a", "b", "c"]],
  ["a 'b c' \"d 'e'\"", ["a", "b c", "d 'e'"]],
  ["a ''", ["a", ""]],
  ["a\\ b \\n", ["a b", "\n"]],
  ["run && more", ["run"]],
  ["a 2>x", ["a"]],
  ["a $(b c) d", ["a", "$(b c)", "d"]],
  ["", []],
])("%j", (text, expected) => {
  expect(splitWords(text)).toEqual(expected);
});

it.each(["a 'b", 'a "b', "a (b)", "a)", "a\\"])("%j does not close", (text) => {
  expect(splitWords(text)).toBeNull();
});
