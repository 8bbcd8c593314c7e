import { expect, it } from "vitest";
import { deriveFacts } from "../../src/facts/derive.ts";
import { KINDS } from "../../src/facts/resource.ts";
import { builtinPolicies, builtinProfiles } from "../../src/policy/builtin.ts";
import { evaluatePolicies } from "../../src/policy/evaluate.ts";
import { rememberEvaluations } from "../../src/policy/evaluate-changed.ts";
import type { Result } from "../../src/policy/model/report.ts";
import { buildReport } from "../../src/policy/report.ts";
import { selectPolicies } from "../../src/policy/select.ts";
import type { Snapshot } from "../../src/snapshot/model.ts";
import { containerOf, snapshotOf } from "../support/snapshot.ts";

const policies = selectPolicies({ builtin: builtinPolicies(KINDS), profiles: builtinProfiles(), foreign: [], profile: "strict", settings: null, mode: "live" });

const web = containerOf("web", { State: { Status: "running" }, HostConfig: { Privileged: true } });
const db = containerOf("db", { State: { Status: "running" }, HostConfig: { PidMode: "host" } });
const mended = containerOf("web", { State: { Status: "running" }, HostConfig: { Privileged: false } });

/** One after the other, each as it follows from the one before on a host at work. */
const LOOKS: readonly Snapshot[] = [
  snapshotOf({ containers: [] }),
  snapshotOf({ containers: [web] }),
  snapshotOf({ containers: [web, db] }),
  snapshotOf({ containers: [web, db] }),
  snapshotOf({ containers: [mended, db] }),
  snapshotOf({ containers: [db] }),
  { ...snapshotOf({}), sources: { ...snapshotOf({}).sources, containers: { status: "denied", detail: "no permission", data: null } } },
  snapshotOf({ containers: [web, db] }),
];

it("gives the results that judging everything gives, whatever was judged before", () => {
  const evaluate = rememberEvaluations(policies);
  for (const snapshot of LOOKS) {
    const kinds = deriveFacts(snapshot, KINDS);
    const sorted = sort(evaluate(kinds).results);
    expect(sorted).toEqual(sort(evaluatePolicies(policies, kinds)));
    expect(sorted.length).toBeGreaterThan(50);
  }
});

it("judges only what is not what it was", () => {
  const evaluate = rememberEvaluations(policies.filter(({ policy }) => policy.target === "container"));
  expect(LOOKS.map((snapshot) => evaluate(deriveFacts(snapshot, ["container"])).judged)).toEqual([0, 1, 1, 0, 1, 0, 0, 2]);
});

function sort(results: readonly Result[]): readonly Result[] {
  return buildReport({ tool: { name: "harden", version: "" }, generatedAt: "", target: { kind: "host", name: "" }, sources: [] }, results).results;
}
