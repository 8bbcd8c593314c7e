import fc from "fast-check";
import { expect, test } from "vitest";
import { cleanTexts } from "../../src/report/clean.ts";
import { escapeInvisible } from "../../src/text.ts";

test("every text, at any depth, keys too", () => {
  expect(cleanTexts({ "a\n": ["\u001b[2J", { b: "\u202e" }, 1, null, true] })).toEqual({ "a\\u{a}": ["\\u{1b}[2J", { b: "\\u{202e}" }, 1, null, true] });
});

/** One text at a time. */
function cleanSlowly(value: unknown): unknown {
  if (typeof value === "string") return escapeInvisible(value);
  if (Array.isArray(value)) return value.map(cleanSlowly);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [escapeInvisible(key), cleanSlowly(part)]));
}

test("what is plain is found out from its JSON", () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom("\\", '"', "u", "n", "\n", "\u007f", "\u202e", "\ud800", "\u00e9", "a", " ") }));
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ depthSize: "small" }, text, fc.constantFrom(1, null, true, undefined), fc.array(tie("value"), { maxLength: 3 }), fc.dictionary(text, tie("value"), { maxKeys: 3 })),
  }));
  fc.assert(fc.property(value, (given) => {
    expect(cleanTexts([given])).toEqual([cleanSlowly(given)]);
  }), { numRuns: 1000 });
});
