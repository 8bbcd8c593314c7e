import { expect, it } from "vitest";
import { makeId } from "../../../src/remediation/apply/identity.ts";

it("a run's id sorts behind those before it, also where the clock went back", () => {
  const now = new Date("2026-01-31T02:03:04Z");
  expect(makeId(now, null)).toMatch(/^20260131T020304Z-[0-9a-f]{4}$/);
  expect(makeId(now, "20250101T000000Z-ffff")).toMatch(/^20260131T020304Z-/);
  expect(makeId(now, "20270228T235959Z-0001")).toMatch(/^20270301T000000Z-/);
  expect(makeId(now, "20260131T020304Z-ffff")).toMatch(/^20260131T020305Z-/);
});
