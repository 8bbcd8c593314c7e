import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { escapeInvisible, suggest } from "../src/text.ts";

test("a word that is accepted by none is answered by the nearest, else by those that are, as far as they can be read through", () => {
  const names = Array.from({ length: 42 }, (_, index) => `c${index}`);
  expect(suggest("hgih", ["high", "low"])).toBe('did you mean "high"?');
  expect(suggest("nothing-like-it", ["high", "low"])).toBe("accepted: high, low");
  expect(suggest("nothing-like-it", names)).toBe(`accepted: ${names.slice(0, 40).join(", ")} and 2 more`);
});

describe("escapeInvisible", () => {
  test.each([
    ["plain text, größe, 日本語, 👍 stay", "plain text, größe, 日本語, 👍 stay"],
    ["\u001b[31mred\u001b[0m", "\\u{1b}[31mred\\u{1b}[0m"],
    ["\u009b31m", "\\u{9b}31m"],
    ["a\nb\r\tc\u0000\u007f", "a\\u{a}b\\u{d}\\u{9}c\\u{0}\\u{7f}"],
    ["user\u202etxt.exe", "user\\u{202e}txt.exe"],
    ["a\u200bb\u200d\ufeff\u00ad\u2066", "a\\u{200b}b\\u{200d}\\u{feff}\\u{ad}\\u{2066}"],
    ["\u{e0041}tag", "\\u{e0041}tag"],
    ["a\u2028b\u2029", "a\\u{2028}b\\u{2029}"],
    ["\ud800 alone", "\\u{d800} alone"],
    ["blank\u3164\u2800", "blank\\u{3164}\\u{2800}"],
    ["e\u0301 and Z\u0301\u0302\u0303\u0304\u0305\u0306", "e\u0301 and Z\u0301\u0302\u0303\u0304\\u{305}\\u{306}"],
  ])("%j", (text, expected) => {
    expect(escapeInvisible(text)).toBe(expected);
  });

  test("nothing that a terminal acts upon is left, and visible text is untouched", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
      // eslint-disable-next-line no-control-regex -- these are what must not be there
      expect(escapeInvisible(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/);
    }));
    fc.assert(fc.property(fc.string({ unit: "grapheme-ascii" }), (text) => {
      expect(escapeInvisible(text)).toBe(text);
    }));
  });
});
