import { expect, test } from "vitest";
import { readConfirmWithin } from "../../../src/remediation/apply/confirm-within.ts";

test.each([["60s", 60], ["5m", 300], ["1h", 3600], ["24h", 86_400], ["1s", 1], ["off", null]])("%s", (text, seconds) => {
  expect(readConfirmWithin(text)).toBe(seconds);
});

test.each(["", "60", "0s", "-5s", "1.5m", "25h", "99999h", "60 s", "60S", "never", "OFF"])("%j is refused", (text) => {
  expect(() => readConfirmWithin(text)).toThrow("--confirm-within");
});
