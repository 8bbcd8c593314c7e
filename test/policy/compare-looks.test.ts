import { describe, expect, it } from "vitest";
import { type Change, compareLooks, compareSame, knowAll, type Known, NOTHING_KNOWN } from "../../src/policy/compare-looks.ts";
import type { Rest } from "../../src/facts/resting.ts";
import type { Result } from "../../src/policy/model/report.ts";
import { containerFail, reportOf, unknownOf } from "../support/report.ts";

const waiver = { policy: "*", resource: "*", reason: "accepted", owner: null, expires: null };
const fail = (id: string, changes: Partial<Result> = {}): Result => containerFail("a", id, changes);
const pass = (id: string): Result => fail(id, { status: "pass" });
const unknown = (id: string): Result => unknownOf("a", id, "?");
/** What a policy says of a source that could not be read. */
const unseen = unknownOf("a", "-", "denied", { resource: { kind: "container", id: null, name: null }, fingerprint: "a -" });

const ALL_RUN = { time: 0, resting: new Map() };

/** What each look tells, the first one compared with nothing; null is a look that found the same. */
function tell(looks: readonly (readonly Result[] | null)[], inWords = print): string[][] {
  let known: Known = NOTHING_KNOWN;
  return looks.map((results) => {
    const compared = results === null ? compareSame(known, 0) : compareLooks(known, reportOf(results), ALL_RUN);
    known = compared.known;
    return compared.changes.map(inWords);
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
    expect(tell(looks)).toEqual(told);
  });
});

it("what is open at first is known, whatever is waived is not", () => {
  const known = knowAll(reportOf([fail("x"), unknown("y"), pass("z"), fail("w", { waiver })]));
  expect(compareLooks(known, reportOf([pass("x"), pass("y"), fail("z"), fail("w")]), ALL_RUN).changes.map(print)).toEqual(["new fail a w", "new fail a z", "fixed a x", "fixed a y"]);
});

it("a baseline is what is known at first", () => {
  const { changes } = compareLooks({ ...NOTHING_KNOWN, told: [fail("x"), fail("y"), pass("z")] }, reportOf([fail("x"), pass("y"), fail("z")]), ALL_RUN);
  expect(changes.map(print)).toEqual(["new fail a z", "fixed a y"]);
});

/** So many seconds after the first look: what is found (null: the same as before), and whether x and its like run. */
type Timed = readonly [seconds: number, results: readonly Result[] | null, rest?: Rest];

function tellInTime(...looks: readonly Timed[]): string[][] {
  let known = knowAll(reportOf([fail("x"), unknown("y"), pass("z")]));
  return looks.map(([seconds, results, rest]) => {
    const resting = new Map<string, Rest>(rest === undefined ? [] : [["x", rest], ["y", rest]]);
    const compared = results === null ? compareSame(known, seconds * 1000) : compareLooks(known, reportOf(results), { time: seconds * 1000, resting });
    known = compared.known;
    return compared.changes.map(print);
  });
}

describe("what is told while a container does not run", () => {
  const runs = [fail("x"), unknown("y"), pass("z")];
  const rests = [pass("x"), pass("y"), unknown("z")];
  it.each<[string, Timed[], string[][]]>([
    ["nothing where it starts again", [[0, rests, "stopped"], [5, null], [9, runs], [10, runs], [30, null]], [[], [], [], [], []]],
    ["all of it when it has not started again", [[0, rests, "stopped"], [9, null], [10, null], [20, null]], [[], [], ["new unknown a z", "fixed a x", "fixed a y"], []]],
    ["the same where other looks come between", [[0, rests, "stopped"], [9, rests, "stopped"], [11, rests, "stopped"], [12, rests, "stopped"]], [[], [], ["new unknown a z", "fixed a x", "fixed a y"], []]],
    ["that it has started, after that", [[0, rests, "stopped"], [10, null], [20, runs]], [[], ["new unknown a z", "fixed a x", "fixed a y"], ["new fail a x", "fixed a z"]]],
    ["nothing as long as the engine restarts it again and again", [[0, rests, "restarting"], [60, null], [62, runs], [64, rests, "restarting"], [124, rests, "restarting"], [126, runs]], [[], [], [], [], [], []]],
    ["all of it when the engine has given up", [[0, rests, "restarting"], [60, rests, "stopped"], [61, null]], [[], ["new unknown a z", "fixed a x", "fixed a y"], []]],
    ["what it had at once when it is removed", [[0, rests, "stopped"], [1, [pass("z")]]], [[], ["fixed a x", "fixed a y"]]],
    ["what is another's at once", [[0, [...rests, fail("w")], "stopped"], [1, rests, "stopped"]], [["new fail a w"], ["fixed a w"]]],
  ])("%s", (_, looks, told) => {
    expect(tellInTime(...looks)).toEqual(told);
  });

  it("waits with what its network namespace has, too", () => {
    const sysctl = (id: string): Result => fail(`${id}:net.ipv4.x`);
    const known = knowAll(reportOf([sysctl("x"), sysctl("host")]));
    expect(compareLooks(known, reportOf([pass("z")]), { time: 0, resting: new Map([["x", "stopped"]]) }).changes.map(print)).toEqual(["fixed a host:net.ipv4.x"]);
  });
});

describe("what is told of a fault whose severity changes", () => {
  const [mild, bad, worst] = [fail("x", { severity: "low" }), fail("x", { severity: "high" }), fail("x", { severity: "critical" })];
  const others = [unknown("y"), pass("z")];
  const runs = [bad, ...others];
  it.each<[string, (readonly Result[] | null)[], string[][]]>([
    ["worse is new once more when a second look finds it too", [[bad], [worst], [worst], [worst], [pass("x")]], [["new high"], [], ["new critical"], [], ["fixed"]]],
    ["the second look may have found nothing else", [[bad], [worst], null, null, [worst]], [["new high"], [], ["new critical"], [], []]],
    ["worse for a moment is not told", [[bad], [worst], [bad], [worst], [bad]], [["new high"], [], [], [], []]],
    ["worse and then gone is fixed once", [[bad], [worst], [pass("x")], [pass("x")]], [["new high"], [], ["fixed"], []]],
    ["worse and then worse still", [[mild], [bad], [worst], [worst]], [["new low"], [], ["new critical"], []]],
    ["milder is not told, and worse again is", [[bad], [mild], [mild], [bad], null], [["new high"], [], [], [], ["new high"]]],
    ["unknown meanwhile changes nothing", [[bad], [unknown("x")], [worst], [worst]], [["new high"], [], [], ["new critical"]]],
    ["of two with one name it is the worst that counts", [[bad, worst], [worst, bad], [worst, worst]], [["new high", "new critical"], [], []]],
    ["what was unknown is told at once as what it turns out to be", [[unknown("x")], null, [worst], [worst]], [[], ["new high"], ["new critical"], []]],
  ])("%s", (_, looks, told) => {
    expect(tell(looks, (change) => (change.change === "new" ? `new ${change.severity}` : change.change))).toEqual(told);
  });

  it("waits as long as its container does not run, since what it does then is undecided", () => {
    expect(tellInTime([0, runs], [1, [worst, ...others], "stopped"], [5, null], [10, [worst, ...others], "stopped"], [12, [worst, ...others], "stopped"], [13, runs])).toEqual([[], [], [], [], ["new fail a x"], []]);
  });
});
