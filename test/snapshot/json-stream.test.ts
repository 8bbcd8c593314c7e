import fc from "fast-check";
import { expect, test } from "vitest";
import { splitJson } from "../../src/snapshot/json-stream.ts";

const document = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()));

test("any documents one after another are found again, where they stand", () => {
  fc.assert(fc.property(fc.array(fc.tuple(document, fc.stringMatching(/^[ \t\r\n]*$/), fc.boolean())), (given) => {
    const texts = given.map(([value, space, pretty]) => space + JSON.stringify(value, null, pretty ? 2 : undefined));
    const whole = texts.join("");
    const parts = splitJson(whole);
    expect(parts.map(({ text }) => JSON.parse(text) as unknown)).toEqual(given.map(([value]) => JSON.parse(JSON.stringify(value)) as unknown));
    for (const { text, offset } of parts) expect(whole.startsWith(text, offset)).toBe(true);
  }));
});

test.each([
  ["{} rest", ["{}", "rest"]],
  ["{}}", ["{}", "}"]],
  ['{"a": "}', ['{"a": "}']],
  ['{"a": "\\', ['{"a": "\\']],
  ["[1] [2", ["[1]", "[2"]],
  ["7", ["7"]],
  ["", []],
])("%j", (text, parts) => {
  expect(splitJson(text).map((part) => part.text)).toEqual(parts);
});
