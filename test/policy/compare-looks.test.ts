import { describe, expect, it } from "vitest";
import { type Change, compareLooks, confirmSuspected, knowAll, type Known, NOTHING_KNOWN } from "../../src/policy/compare-looks.ts";
import type { Result } from "../../src/policy/model/report.ts";
import { containerFail, reportOf, unknownOf } from "../support/report.ts";

const waiver = { policy: "*", resource: "*", reason: "accepted", owner: null, expires: null };
const fail = (id: string, changes: Partial<Result> = {}): Result => containerFail("a", id, changes);
const pass = (id: string): Result => fail(id, { status: "pass" });
const unknown = (id: string): Result => unknownOf("a", id, "?");
/** What a policy says of a source that could not be read. */
const unseen = unknownOf("a", "-", "denied", { resource: { kind: "container", id: null, name: null }, fingerprint: "a -" });

/** What each look tells, the first one compared with nothing; null is a look that found the same. */
function tell(...looks: readonly (readonly Result[] | null)[]): string[][] {
  let known: Known = NOTHING_KNOWN;
  return looks.map((results) => {
    const compared = results === null ? confirmSuspected(known) : compareLooks(known, reportOf(results));
    known = compared.known;
    return compared.changes.map(print);
  });
}

function print(change: Change): string {
  return `${change.change} ${change.change === "new" ? `${change.status} ` : ""}${change.fingerprint}`;
}

describe("what is told of one look after the other", () => {
  it.each<[string, (readonly Result[] | null)[], string[][]]>([
    ["a fault comes, stays and goes", [[pass("x")], [fail("x")], [fail("x", { message: "in other words" })], [pass("x")]], [[], ["new fail a x"], [], ["fixed a x"]]],
    ["what a removed container had is fixed", [[fail("x"), fail("y")], [fail("y")]], [["new fail a x", "new fail a y"], ["fixed a x"]]],
    ["of two with one name the fixed one is told once", [[fail("x"), fail("x")], [pass("x")]], [["new fail a x", "new fail a x"], ["fixed a x"]]],
    ["a fault that cannot be judged for a while is the same afterwards", [[fail("x")], [unknown("x")], null, [fail("x")], [pass("x")]], [["new fail a x"], [], [], [], ["fixed a x"]]],
    ["a fault that is not seen for a while is the same afterwards", [[fail("x")], [unseen], [fail("x")], [unseen], [pass("x")]], [["new fail a x"], [], [], [], ["fixed a x"]]],
    ["an unknown is told when a second look finds it too", [[unknown("x")], [unknown("x")], [pass("x")]], [[], ["new unknown a x"], ["fixed a x"]]],
    ["the second look may have found nothing else", [[unknown("x")], null, null, [unknown("x")]], [[], ["new unknown a x"], [], []]],
    ["an unknown of a moment is not told", [[pass("x")], [unknown("x")], [pass("x")], [unknown("x")], []], [[], [], [], [], []]],
    ["an unknown that turns out to be a fault is new", [[unknown("x")], null, [fail("x")], [pass("x")]], [[], ["new unknown a x"], ["new fail a x"], ["fixed a x"]]],
    ["a fault whose waiver ends is new", [[fail("x", { waiver })], [fail("x")], [fail("x", { waiver })]], [[], ["new fail a x"], []]],
    ["what was not judged this time is not fixed", [[fail("x")], [containerFail("b", "x")]], [["new fail a x"], ["new fail b x"]]],
  ])("%s", (_, looks, told) => {
    expect(tell(...looks)).toEqual(told);
  });
});

it("what is open at first is known, whatever is waived is not", () => {
  const known = knowAll(reportOf([fail("x"), unknown("y"), pass("z"), fail("w", { waiver })]));
  expect(compareLooks(known, reportOf([pass("x"), pass("y"), fail("z"), fail("w")])).changes.map(print)).toEqual(["new fail a w", "new fail a z", "fixed a x", "fixed a y"]);
});

it("a baseline is what is known at first", () => {
  const { changes } = compareLooks({ ...NOTHING_KNOWN, told: [fail("x"), fail("y"), pass("z")] }, reportOf([fail("x"), pass("y"), fail("z")]));
  expect(changes.map(print)).toEqual(["new fail a z", "fixed a y"]);
});
