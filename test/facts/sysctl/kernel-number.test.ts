import { expect, it } from "vitest";
import { parseKernelNumber } from "../../../src/facts/sysctl/kernel-number.ts";

it.each([
  ["0", 0], ["1", 1], ["-1", -1], ["010", 8], ["0x10", 16], ["-0x1F", -31], ["00", 0], ["-0", 0], ["432000", 432000],
  ["", null], ["08", null], ["1 2", null], ["4096\t131072", null], ["1 # x", null], ["1k", null], ["+1", null], ["0x", null], [null, null],
])("%j is %s", (text, number) => {
  expect(parseKernelNumber(text)).toBe(number);
});
