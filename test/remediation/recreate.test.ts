/** What of a container's command is to change, from the policies themselves. */
import { describe, expect, it } from "vitest";
import { deriveFacts } from "../../src/facts/derive.ts";
import { builtinPolicies } from "../../src/policy/builtin.ts";
import { compilePolicy } from "../../src/policy/compile.ts";
import { evaluatePolicies } from "../../src/policy/evaluate.ts";
import type { Recreation } from "../../src/remediation/model.ts";
import { planRecreation } from "../../src/remediation/recreate/plan-recreation.ts";
import { findRunWords } from "../../src/remediation/recreate/run-words.ts";
import type { ContainerAnswer } from "../../src/snapshot/model.ts";
import { reportOf } from "../support/results.ts";
import { containerOf, snapshotOf } from "../support/snapshot.ts";

function plan(...containers: readonly ContainerAnswer[]): Recreation[] {
  const snapshot = snapshotOf({ containers: [...containers] });
  const kinds = deriveFacts(snapshot, ["container"]);
  return planRecreation(reportOf(...evaluatePolicies(builtinPolicies().filter(({ target }) => target === "container").map((policy) => compilePolicy(policy)), kinds)), snapshot, kinds);
}

/** Meets what the policies ask of every container. */
const BOUND = {
  HostConfig: {
    CapDrop: ["ALL"], SecurityOpt: ["no-new-privileges"], ReadonlyRootfs: true, Memory: 1e8, NanoCpus: 1e9, PidsLimit: 50,
    RestartPolicy: { Name: "on-failure", MaximumRetryCount: 3 }, LogConfig: { Type: "json-file", Config: { "max-size": "10m" } },
  },
  Config: { User: "1000", Image: "busybox@sha256:0f", Healthcheck: { Test: ["CMD", "true"] } },
};
const bound = (host: Record<string, unknown>): ContainerAnswer => containerOf("web", { ...BOUND, HostConfig: { ...BOUND.HostConfig, ...host } });

describe("planRecreation", () => {
  it("bounds a container that was made with nothing, and drops a capability once", () => {
    expect(plan(containerOf("web")).map(({ container, add, remove }) => ({ container, add: [...add].sort(), remove }))).toEqual([{
      container: "web",
      add: [
        "--cap-drop ALL", "--cpus 1", "--log-driver json-file", "--log-opt max-file=3", "--log-opt max-size=10m", "--memory 512m",
        "--pids-limit 200", "--read-only", "--security-opt no-new-privileges:true",
      ],
      remove: [],
    }]);
  });

  it("has no word for one that is as it should be, and none for one of compose", () => {
    const labels = { "com.docker.compose.project": "shop", "com.docker.compose.service": "db" };
    expect(plan(bound({}), containerOf("db", { Config: { Labels: labels } }))).toEqual([]);
  });

  it("changes of what holds a pod only what the pod is made with", () => {
    const infra = containerOf("9b8b94f5776f-infra", { InfraOf: "shop", State: { Status: "running" }, HostConfig: { PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "7070" }] } }, NetworkSettings: { Ports: { "80/tcp": [{ HostIp: "0.0.0.0", HostPort: "7070" }] } } });
    expect(plan(infra)).toMatchObject([{
      container: "shop/infra", pod: "shop", add: ["--publish 127.0.0.1:7070:80/tcp"], remove: ["--publish 7070:80/tcp"], findings: [{ policy: "container-published-all-interfaces" }],
    }]);
  });

  it.each<[string, Record<string, unknown>, string[], string[]]>([
    ["privileged", { Privileged: true }, [], ["--privileged"]],
    ["the host's namespaces", { NetworkMode: "host", PidMode: "host", IpcMode: "host", UTSMode: "host" }, [], ["--ipc host", "--network host", "--pid host", "--uts host"]],
    ["capabilities as they were written", { CapAdd: ["CAP_SYS_ADMIN", "CHOWN"] }, [], ["--cap-add CAP_SYS_ADMIN", "--cap-add CHOWN"]],
    ["security options in either form", { SecurityOpt: ["no-new-privileges", "seccomp:unconfined", "apparmor=mine"] }, [], ["--security-opt seccomp:unconfined"]],
    ["no-new-privileges turned off", { SecurityOpt: ["no-new-privileges=false"] }, ["--security-opt no-new-privileges:true"], ["--security-opt no-new-privileges=false"]],
    ["a restart policy with an end", { RestartPolicy: { Name: "always", MaximumRetryCount: 0 } }, ["--restart on-failure:5"], []],
    ["no restart beside --rm", { AutoRemove: true, RestartPolicy: { Name: "always", MaximumRetryCount: 0 } }, [], []],
    ["device rules, quoted", { DeviceCgroupRules: ["b 8:* rwm"] }, [], ["--device-cgroup-rule 'b 8:* rwm'"]],
  ])("tells %s", (_, host, add, remove) => {
    const [found] = plan(bound(host));
    expect([[...(found?.add ?? [])].sort(), [...(found?.remove ?? [])].sort()]).toEqual([add, remove]);
  });

  it("has no word against the default bridge, which is there without one", () => {
    const made = { inspect: bound({ NetworkMode: "bridge" }).inspect, ports: [] };
    const remediation = builtinPolicies().find(({ id }) => id === "container-default-bridge")?.remediation;
    if (remediation?.type !== "container" || remediation.fix === undefined) throw new Error("the policy says nothing of compose files");
    expect(findRunWords(remediation.fix, null, made)).toEqual({ add: [], remove: [] });
  });

  it("takes the engine's socket away as it was bound", () => {
    const made = bound({ Binds: ["/run/docker.sock:/s:ro", "/srv/data:/data"] });
    const mounts = [{ Type: "bind", Source: "/run/docker.sock", Destination: "/s", Mode: "ro", RW: false, Propagation: "rprivate" }, { Type: "bind", Source: "/srv/data", Destination: "/data", Mode: "", RW: true, Propagation: "rprivate" }];
    const [found] = plan({ ...made, inspect: { ...made.inspect, Mounts: mounts } });
    expect(found?.remove).toEqual(["--volume /run/docker.sock:/s:ro"]);
  });

  it("publishes on loopback what is open to all, each binding once", () => {
    const binding = (ip: string, port: string): { HostIp: string; HostPort: string } => ({ HostIp: ip, HostPort: port });
    const made = bound({ PortBindings: { "5432/tcp": [binding("", "5432")], "81/tcp": [binding("127.0.0.1", "81")] } });
    const network = { Ports: { "5432/tcp": [binding("0.0.0.0", "5432"), binding("::", "5432")], "81/tcp": [binding("127.0.0.1", "81")] } };
    const [found] = plan({ ...made, inspect: { ...made.inspect, State: { Status: "running", Running: true, Pid: 5 }, NetworkSettings: { ...network, Networks: {} } } });
    expect([found?.add, found?.remove]).toEqual([["--publish 127.0.0.1:5432:5432/tcp"], ["--publish 5432:5432/tcp"]]);
  });

  it("never tells of the environment", () => {
    const made = bound({ Privileged: true });
    const secret = plan({ ...made, inspect: { ...made.inspect, Config: { ...BOUND.Config, Labels: {}, Env: ["DB_PASSWORD=hunter2hunter2"] } } });
    expect(JSON.stringify(secret.map(({ add, remove }) => [add, remove]))).not.toMatch(/hunter2|DB_PASSWORD/);
  });
});
