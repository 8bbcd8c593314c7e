import { expect, it } from "vitest";
import { isDuration, parseBytes } from "../../../src/compose/values/units.ts";

it.each([["512m", 536870912], ["1.5GiB", 1610612736], ["1gb", 1073741824], ["12 MB", 12582912], ["100", 100], ["-1", -1], ["1b", 1], [".5k", 512]])("%s is %d bytes", (text, bytes) => {
  expect(parseBytes(text)).toBe(bytes);
});

it.each(["", "x", "1x", "1kk", "1kbb", "m", "1 2m", "-5m"])("%j is no size", (text) => {
  expect(parseBytes(text)).toBeNull();
});

it.each([["1m30s", true], ["1w2d", true], ["0", true], ["1.5h", true], ["5", false], ["s", false], ["", false], ["5 s", false]])("%j as a duration", (text, expected) => {
  expect(isDuration(text)).toBe(expected);
});
