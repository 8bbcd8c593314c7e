import { expect, it } from "vitest";
import { chooseLimits, DEFAULT_LIMITS, idleSeconds } from "../../../src/remediation/firewall/limits.ts";

it("takes the policies' parameters", () => {
  const parameters = {
    "firewall-syn-flood-limit": { rate: 100, burst: 300 }, "firewall-connection-limit": { connections: 500 }, "firewall-drop-logging": { rate: 60 },
  };
  expect(chooseLimits(parameters)).toEqual({ rate: 100, burst: 300, connections: 500, logRate: 60 });
});

it.each([undefined, 0, -1, 2.5, 1e6, "10; reboot", Number.NaN])("has the handbook's value for %j", (rate) => {
  expect(chooseLimits({ "firewall-syn-flood-limit": { rate } })).toEqual(DEFAULT_LIMITS);
});

it("forgets a source no sooner than its bucket is full again", () => {
  expect(idleSeconds(DEFAULT_LIMITS)).toBe(3);
  expect(idleSeconds({ ...DEFAULT_LIMITS, rate: 1, burst: 20 })).toBe(21);
});
