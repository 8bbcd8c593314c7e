import { expect, it } from "vitest";
import { isPathWithin } from "../../src/policy/paths.ts";

it.each([
  ["/etc", "/etc", true],
  ["/etc/ssl/certs", "/etc", true],
  ["/etcetera", "/etc", false],
  ["/", "/etc", false],
  ["/etc", "/", true],
  ["/", "/", true],
])("%s within %s is %s", (path, folder, within) => {
  expect(isPathWithin(path, folder)).toBe(within);
});
