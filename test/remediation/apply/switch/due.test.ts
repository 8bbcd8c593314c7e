import fc from "fast-check";
import { expect, test } from "vitest";
import { STATES } from "../../../../src/remediation/apply/journal/model.ts";
import { judgeStanding } from "../../../../src/remediation/apply/switch/due.ts";

const CONFIRM = { seconds: 60, boot: "this" };

test.each([
  ["awaiting", 100, { kind: "waiting", seconds: 60 }],
  ["awaiting", 159.5, { kind: "waiting", seconds: 0.5 }],
  ["awaiting", 160, { kind: "due", reason: "not confirmed within 60 s" }],
  ["applying", 159, { kind: "waiting", seconds: 1 }],
  ["applying", 161, { kind: "due", reason: "the run that applied it has died" }],
  ["keeping", 161, { kind: "due", reason: "the confirmation was cut off" }],
  ["undoing", 100, { kind: "due", reason: "the rollback was cut off" }],
  ["undone", 1000, { kind: "settled", state: "undone" }],
  ["kept", 1000, { kind: "settled", state: "kept" }],
] as const)("%s since 100, at %d", (state, uptime, standing) => {
  expect(judgeStanding(state, 100, CONFIRM, { uptime, boot: "this" })).toEqual(standing);
});

test("what a kernel did that is gone is due at once, however short its uptime is", () => {
  expect(judgeStanding("awaiting", 100, CONFIRM, { uptime: 5, boot: "another" })).toEqual({ kind: "due", reason: "the machine was started anew before it was confirmed" });
  expect(judgeStanding("kept", 100, CONFIRM, { uptime: 5, boot: "another" })).toEqual({ kind: "settled", state: "kept" });
});

test("waiting comes to an end, and no later than was said", () => {
  const unsettled = fc.constantFrom(...STATES.filter((state) => state !== "kept" && state !== "undone"));
  fc.assert(fc.property(unsettled, fc.nat(1e6), fc.nat(1e6), fc.integer({ min: 1, max: 1e5 }), (state, since, uptime, seconds) => {
    const standing = judgeStanding(state, since, { seconds, boot: "this" }, { uptime, boot: "this" });
    if (standing.kind === "waiting") expect(uptime + standing.seconds).toBeCloseTo(since + seconds);
    else expect(standing.kind).toBe("due");
  }));
});
