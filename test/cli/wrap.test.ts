import { expect, it } from "vitest";
import { foldLines, printable, wrap, wrapIndented } from "../../src/cli/wrap.ts";

it("breaks at spaces, and leaves longer words whole", () => {
  expect(wrap("aa bb  cc\ndd", 5)).toEqual(["aa bb", "cc dd"]);
  expect(wrap("a toolongword b", 5)).toEqual(["a", "toolongword", "b"]);
  expect(wrap("  ", 5)).toEqual([]);
});

it("indents, the first line apart", () => {
  const [first, second, ...rest] = wrapIndented("word ".repeat(30), "    ", "  ").split("\n");
  expect([first?.slice(0, 6), second?.slice(0, 8), rest.length]).toEqual(["  word", "    word", 0]);
  expect(second?.length).toBeLessThanOrEqual(80);
});

it("takes from text what a terminal would obey, but for its lines", () => {
  expect(printable("a\u001b[2Jb\nc\rd")).toBe("a\\u{1b}[2Jb\nc\\u{d}d");
});

it("folds what is too long below itself, and leaves the other lines as they are", () => {
  const [first, second, third, ...rest] = foldLines(`short\n  ${"word ".repeat(20).trim()}\nlast\n`).split("\n");
  expect([first, second?.slice(0, 6), third?.slice(0, 10), ...rest]).toEqual(["short", "  word", "      word", "last", ""]);
  expect(second?.length).toBeLessThanOrEqual(80);
});
