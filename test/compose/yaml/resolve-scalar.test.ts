import { expect, it } from "vitest";
import { resolveScalar } from "../../../src/compose/yaml/resolve-scalar.ts";

it.each([
  ["", null], ["~", null], ["Null", null], ["true", true], ["FALSE", false], ["yes", "yes"], ["on", "on"],
  ["1", 1], ["-5", -5], ["+5", 5], ["0x10", 16], ["0o17", 15], ["017", 15], ["08", 8], ["0b11", 3], ["1_000", 1000], ["1e3", 1000], [".5", 0.5], ["1.", 1],
  ["1.2.3", "1.2.3"], ["22:22", "22:22"], ["-", "-"], ["0x", "0x"], ["1e", "1e"],
])("%j is %j", (text, expected) => {
  expect(resolveScalar(text).value).toBe(expected);
});

it.each([["12345678901234567890", "12345678901234567890"], ["1e-7", "1e-07"], ["1e21", undefined], ["2001-12-14", "2001-12-14 00:00:00 +0000 UTC"], ["2001-13-40", undefined]])("%s is printed as Go prints it", (text, printed) => {
  expect(resolveScalar(text).printed).toBe(printed);
});
