import { expect, it } from "vitest";
import { fingerprint } from "../../src/policy/fingerprint.ts";

it("differs in each of its parts, and cannot be confused by where one ends and the next begins", () => {
  const prints = [
    fingerprint("p", "container", "web", null),
    fingerprint("q", "container", "web", null),
    fingerprint("p", "image", "web", null),
    fingerprint("p", "container", "db", null),
    fingerprint("p", "container", null, null),
    fingerprint("p", "container", "web", "80"),
    fingerprint("p", "container", "web80", null),
    fingerprint("p", "container", "web", null, "compose.yaml"),
    fingerprint("p", "container", "web", "compose.yaml"),
  ];
  expect(new Set(prints).size).toBe(prints.length);
});

it("stays what it is from version to version: baselines hold it", () => {
  expect(fingerprint("container-privileged", "container", "shop/web", null)).toBe("05cb9f7a360c53623a72296d8845dd54");
});
