/** Settings of containers that run, judged by the policies themselves before and after. */
import { describe, expect, it } from "vitest";
import { deriveFacts } from "../../../src/facts/derive.ts";
import { builtinPolicies } from "../../../src/policy/builtin.ts";
import { compilePolicy } from "../../../src/policy/compile.ts";
import { evaluatePolicies } from "../../../src/policy/evaluate.ts";
import type { Result } from "../../../src/policy/model/report.ts";
import { planContainers } from "../../../src/remediation/containers/plan-containers.ts";
import type { Planned } from "../../../src/remediation/model.ts";
import { planSnapshot } from "../../../src/remediation/proof/planned-snapshot.ts";
import type { Snapshot } from "../../../src/snapshot/model.ts";
import { reportOf } from "../../support/results.ts";
import { containerOf, snapshotOf } from "../../support/snapshot.ts";

const judge = (snapshot: Snapshot, parameters: Record<string, Record<string, unknown>>): Result[] => {
  const compiled = builtinPolicies().filter(({ id }) => id === "container-pids-limit" || id === "container-restart-policy").map((policy) => compilePolicy(policy, parameters[policy.id]));
  return evaluatePolicies(compiled, deriveFacts(snapshot, ["container"]));
};
const failing = (results: readonly Result[]): string[] => results.filter(({ status }) => status === "fail").map(({ policy, resource }) => `${policy} ${resource.id ?? ""}`).sort();
const PIDS = { "container-pids-limit": { update: 200 } };
const host = (endpoint = "unix:///run/docker.sock"): Snapshot => {
  const { data } = snapshotOf().sources.engine;
  if (data === null) throw new Error("no data");
  return snapshotOf({
    engine: { ...data, endpoint },
    containers: [
      containerOf("web", { HostConfig: { PidsLimit: null, RestartPolicy: { Name: "always", MaximumRetryCount: 0 } }, Config: { Labels: { "com.docker.compose.project": "shop", "com.docker.compose.service": "web" } } }),
      containerOf("job", { HostConfig: { PidsLimit: 100, AutoRemove: true, RestartPolicy: { Name: "on-failure", MaximumRetryCount: 0 } } }),
      containerOf("good", { HostConfig: { PidsLimit: 100, RestartPolicy: { Name: "on-failure", MaximumRetryCount: 3 } } }),
    ],
  });
};
const plan = (snapshot: Snapshot, parameters: Record<string, Record<string, unknown>> = {}): Planned =>
  planContainers(reportOf(...judge(snapshot, parameters)), snapshot, deriveFacts(snapshot, ["container"]));

describe("planContainers", () => {
  it("sets what the policies in force name, and closes what it claims", () => {
    const { steps: [step], omitted } = plan(host(), PIDS);
    const id = "web".padEnd(64, "0");
    expect(step).toMatchObject({
      kind: "containers", socket: "/run/docker.sock", title: "Change 2 settings of containers as they run",
      changes: [
        { container: id, name: "web", setting: "pids-limit", before: "-1", after: "200" },
        { container: id, name: "web", setting: "restart", before: "always", after: "on-failure:5" },
      ],
    });
    expect(omitted.map(({ what, reason }) => [what, reason])).toEqual([["restart on-failure:5 of job", expect.stringContaining("--rm") as string]]);
    if (step === undefined) throw new Error("no step");
    const before = failing(judge(host(), PIDS));
    const after = failing(judge(planSnapshot(host(), [step]), PIDS));
    expect(before).toEqual(["container-pids-limit web", "container-restart-policy job", "container-restart-policy web"].map((one) => one.replace(" web", " shop/web")));
    expect(after).toEqual(["container-restart-policy job"]);
  });

  it("leaves a number of processes that nobody has named to a person", () => {
    expect(plan(host()).steps.flatMap((step) => (step.kind === "containers" ? step.changes.map(({ setting }) => setting) : []))).toEqual(["restart"]);
  });

  it("says so where the engine is not reached by a socket of this host", () => {
    const { steps, omitted } = plan(host("tcp://127.0.0.1:2375"), PIDS);
    expect([steps, omitted.map(({ reason }) => reason)]).toEqual([[], Array.from({ length: 3 }, () => "the engine is not reached by a socket of this host")]);
  });
});
