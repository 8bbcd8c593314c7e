import { describe, expect, it } from "vitest";
import { compareWithBaseline } from "../../src/policy/baseline.ts";
import type { Report, Result } from "../../src/policy/model/report.ts";
import { containerFail, reportOf, unknownOf } from "../support/report.ts";

const waiver = { policy: "*", resource: "*", reason: "accepted", owner: null, expires: null };
const pass = (policy: string, id: string): Result => containerFail(policy, id, { status: "pass" });
const compare = (now: readonly Result[], before: readonly Result[]): Report => compareWithBaseline(reportOf(now), reportOf(before).results);

describe("the state of a result", () => {
  it.each<[string, Result, Result[], Result["baselineState"]]>([
    ["a fail that was there", containerFail("a", "x"), [containerFail("a", "x", { message: "in other words", severity: "low" })], "unchanged"],
    ["a fail that was not", containerFail("a", "x"), [containerFail("a", "y"), containerFail("b", "x")], "new"],
    ["a fail that passed", containerFail("a", "x"), [pass("a", "x")], "new"],
    ["a fail that was only suspected", containerFail("a", "x"), [unknownOf("a", "x", "?")], "new"],
    ["a fail whose waiver has gone", containerFail("a", "x"), [containerFail("a", "x", { waiver })], "new"],
    ["a fail that is waived as before", containerFail("a", "x", { waiver }), [containerFail("a", "x", { waiver })], "unchanged"],
    ["a fail that is now waived", containerFail("a", "x", { waiver }), [containerFail("a", "x")], "unchanged"],
    ["an unknown that was there", unknownOf("a", "x", "?"), [unknownOf("a", "x", "!")], "unchanged"],
    ["an unknown that failed", unknownOf("a", "x", "?"), [containerFail("a", "x")], "unchanged"],
    ["an unknown that passed", unknownOf("a", "x", "?"), [pass("a", "x")], "new"],
    ["a pass", pass("a", "x"), [containerFail("a", "x")], undefined],
    ["what does not apply", containerFail("a", "x", { status: "notApplicable" }), [], undefined],
  ])("%s", (_, now, before, state) => {
    expect(compare([now], before).results[0]?.baselineState).toBe(state);
  });
});

describe("what is fixed", () => {
  const fixedOf = (now: readonly Result[], before: readonly Result[]): string[] | undefined => compare(now, before).fixed?.map(({ fingerprint }) => fingerprint);

  it("is what failed and passes, or is not there any more", () => {
    expect(compare([pass("a", "x")], [containerFail("a", "x", { element: "80/tcp" }), containerFail("a", "y")]).fixed).toEqual([
      { policy: "a", resource: { kind: "container", id: "x", name: "x" }, element: "80/tcp", fingerprint: "a x", title: "Title of a" },
      { policy: "a", resource: { kind: "container", id: "y", name: "y" }, element: null, fingerprint: "a y", title: "Title of a" },
    ]);
  });

  it.each<[string, Result[], Result[]]>([
    ["what still fails", [containerFail("a", "x")], [containerFail("a", "x")]],
    ["what fails and is now waived", [containerFail("a", "x", { waiver })], [containerFail("a", "x")]],
    ["what can no longer be judged", [unknownOf("a", "x", "?")], [containerFail("a", "x")]],
    ["what is no longer seen", [unknownOf("a", "-", "denied", { resource: { kind: "container", id: null, name: null } })], [containerFail("a", "x")]],
    ["what was not judged this time", [pass("b", "x")], [containerFail("a", "x")]],
    ["what was unknown or waived", [pass("a", "x"), pass("a", "y")], [unknownOf("a", "x", "?"), containerFail("a", "y", { waiver })]],
  ])("is not %s", (_, now, before) => {
    expect(fixedOf(now, before)).toEqual([]);
  });

  it("is an expired waiver that was taken away", () => {
    const expired = containerFail("waiver-expired", "a x", { resource: { kind: "waiver", id: "a x", name: "a x" } });
    expect(fixedOf([pass("a", "x")], [expired])).toEqual(["waiver-expired a x"]);
  });
});
