import { describe, expect, it } from "vitest";
import type { FilePlace } from "../../src/facts/resource.ts";
import type { Result } from "../../src/policy/model/report.ts";
import { type PlacedWaiver, reportUnusedComments, type Standing, waiveByComment } from "../../src/policy/waive-by-comment.ts";
import { resultOf } from "../support/policy.ts";

function range(line: number, column: number, endLine: number, endColumn: number, file = "c.yaml"): FilePlace {
  return { file, line, column, endLine, endColumn };
}

function waiverOf(policy: string, given: Partial<PlacedWaiver> = {}): PlacedWaiver {
  const place = given.place ?? range(1, 1, 1, 9);
  return { waiver: { policy, resource: "c.yaml", reason: `of ${policy}`, owner: null, expires: null, location: place }, place, covers: range(2, 3, 4, 1), service: null, lent: false, ...given };
}

/** The reason by which the result is waived, and which waivers are used. */
function waive(waivers: readonly PlacedWaiver[], standing: Partial<Standing> = {}, result: Result = resultOf()): [string | undefined, string[]] {
  const { results, used } = waiveByComment([result], waivers, () => ({ places: [range(3, 1, 3, 2)], service: "web", ...standing }));
  return [results[0]?.waiver?.reason, used.map(({ waiver }) => waiver.policy)];
}

const COVERED = ["of test-policy", ["test-policy"]];
const NOT_COVERED = [undefined, []];

describe("a waiver with a place", () => {
  it.each([
    ["at its start", [range(2, 3, 2, 4)], COVERED],
    ["within", [range(3, 9, 3, 10)], COVERED],
    ["before its column", [range(2, 2, 2, 9)], NOT_COVERED],
    ["at its end", [range(4, 1, 4, 2)], NOT_COVERED],
    ["in another file", [range(3, 1, 3, 2, "d.yaml")], NOT_COVERED],
    ["with one of several places within", [range(9, 1, 9, 2), range(3, 1, 3, 2)], COVERED],
    ["without a place", [], NOT_COVERED],
  ])("what stands %s", (_, places, expected) => {
    expect(waive([waiverOf("test-policy")], { places })).toEqual(expected);
  });

  it("covers its service wherever its values stand, unless it only lends them", () => {
    expect(waive([waiverOf("test-policy", { service: "web", covers: null })])).toEqual(COVERED);
    expect(waive([waiverOf("test-policy", { service: "db", covers: null })])).toEqual(NOT_COVERED);
    expect(waive([waiverOf("test-policy", { service: "web", covers: null, lent: true })])).toEqual(NOT_COVERED);
    expect(waive([waiverOf("test-policy", { covers: null })], { service: null })).toEqual(NOT_COVERED);
  });

  it("covers fails and unknowns of its policies", () => {
    expect(waive([waiverOf("other")])).toEqual(NOT_COVERED);
    expect(waive([waiverOf("test-*")])).toEqual(["of test-*", ["test-*"]]);
    expect(waive([waiverOf("test-policy")], {}, resultOf({ status: "unknown" }))).toEqual(COVERED);
    expect(waive([waiverOf("test-policy")], {}, resultOf({ status: "pass" }))).toEqual(NOT_COVERED);
  });

  it("goes before the next one, which is used all the same", () => {
    expect(waive([waiverOf("test-*"), waiverOf("test-policy")])).toEqual(["of test-*", ["test-*", "test-policy"]]);
  });
});

describe("one that covers nothing", () => {
  const report = (waivers: readonly PlacedWaiver[], used: readonly PlacedWaiver[]): unknown[] =>
    reportUnusedComments(waivers, used, ["test-policy"]).map(({ policy, severity, message, location, fingerprint }) => ({ policy, severity, message, location, hasFingerprint: fingerprint !== "" }));

  it("is a finding at its own place", () => {
    expect(report([waiverOf("test-policy")], [])).toEqual([
      { policy: "waiver-unused", severity: "low", message: "the waiver of test-policy for c.yaml covers nothing: of test-policy", location: range(1, 1, 1, 9), hasFingerprint: true },
    ]);
  });

  it("is none if its policy was not selected, or it stands among services that are lent", () => {
    expect(report([waiverOf("other"), waiverOf("test-policy", { lent: true })], [])).toEqual([]);
  });

  it("counts once for a file that several projects share, and not if any of them needs it", () => {
    expect(report([waiverOf("test-policy"), waiverOf("test-policy")], [])).toHaveLength(1);
    expect(report([waiverOf("test-policy"), waiverOf("test-policy")], [waiverOf("test-policy")])).toEqual([]);
    expect(report([waiverOf("test-policy"), waiverOf("test-policy", { place: range(7, 1, 7, 2) })], [])).toHaveLength(2);
  });
});
