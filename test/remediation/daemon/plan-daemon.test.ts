import { describe, expect, it } from "vitest";
import type { Result } from "../../../src/policy/model/report.ts";
import { planDaemon } from "../../../src/remediation/daemon/plan-daemon.ts";
import type { DaemonStep } from "../../../src/remediation/model.ts";
import type { ContainerAnswer, DaemonData, Snapshot } from "../../../src/snapshot/model.ts";
import { DAEMON, kindsOf } from "../facts.ts";
import { reportOf, resultOf, WAIVER } from "../../support/results.ts";
import { containerOf, snapshotOf } from "../../support/snapshot.ts";

const fail = (key: string, value: unknown, changes: Partial<Result> = {}): Result =>
  resultOf(`daemon-${key}`, "daemon", { remediation: { type: "daemon", text: "t", set: { [key]: value } }, ...changes });
const file = (text: string | null, changes: Partial<DaemonData["configFile"]> = {}): DaemonData =>
  ({ ...DAEMON, configFile: { path: "/etc/docker/daemon.json", explicit: false, text, error: text === null ? "ENOENT" : null, modifiedAt: null, ...changes } });
const withDaemon = (daemon: DaemonData): Snapshot => snapshotOf({ daemon });

function plan(results: Result[], snapshot: Snapshot = snapshotOf()): { step: DaemonStep | undefined; second: DaemonStep | undefined; omitted: [string, string][] } {
  const { steps, omitted } = planDaemon(reportOf(...results), snapshot, kindsOf());
  const [step, second] = steps.flatMap((one) => (one.kind === "daemon" ? [one] : []));
  return { step, second, omitted: omitted.map(({ what, reason }) => [what, reason]) };
}

describe("planDaemon", () => {
  it("merges all keys that fail into the file that there is", () => {
    const { step, omitted } = plan([fail("icc", false), fail("no-new-privileges", true)], withDaemon(file('{\n  "icc": true,\n  "debug": false\n}\n')));
    expect(omitted).toEqual([]);
    expect(step?.file).toEqual({
      path: "/etc/docker/daemon.json", before: '{\n  "icc": true,\n  "debug": false\n}\n', after: '{\n  "icc": false,\n  "debug": false,\n  "no-new-privileges": true\n}\n',
    });
    expect(step?.changes).toEqual([{ key: "icc", before: "true", after: "false", reload: false }, { key: "no-new-privileges", before: null, after: "true", reload: false }]);
    expect(step?.undoing).toBeNull();
    expect(step?.restart).toContain("restarted");
    expect(step?.consent).toBeNull();
    expect(step?.notes).toEqual([expect.stringMatching(/^icc: /), expect.stringMatching(/^no-new-privileges: /)]);
  });

  it("keeps the userland proxy where visitors over IPv6 need it", () => {
    const published = (name: string, hostIp: string, address: string, running = true): ContainerAnswer => containerOf(name, {
      State: { Running: running }, NetworkSettings: { Ports: { "80/tcp": [{ HostIp: hostIp, HostPort: "80" }] }, Networks: { own: { GlobalIPv6Address: address } } },
    });
    const { step, omitted } = plan([fail("userland-proxy", false), fail("icc", false)], snapshotOf({ containers: [published("web", "::", ""), published("six", "::", "2001:db8::2"), published("four", "0.0.0.0", ""), published("off", "::", "", false)] }));
    expect(omitted).toEqual([["userland-proxy in daemon.json", expect.stringMatching(/^visitors over IPv6 reach web by the proxy alone: /)]]);
    expect(step?.changes.map(({ key }) => key)).toEqual(["icc"]);
    expect(plan([fail("userland-proxy", false)], snapshotOf({ containers: [published("six", "::", "2001:db8::2")] })).omitted).toEqual([]);
  });

  it("asks for a reload where that is enough", () => {
    expect(plan([fail("live-restore", true)]).step?.restart).toBe("the engine has to be reloaded (kill -HUP 100)");
    const unit = { path: "/lib/systemd/system/docker.service", text: "", error: null };
    expect(plan([fail("live-restore", true)], withDaemon({ ...DAEMON, units: [unit] })).step).toMatchObject({
      restart: "the engine has to be reloaded (systemctl reload docker)", engine: { pid: 100, unit: "docker.service", endpoint: "unix:///var/run/docker.sock" },
    });
  });

  it("says what a reload has to find to take a key back that was not there", () => {
    const { step } = plan([fail("live-restore", true), fail("icc", false)], withDaemon(file('{"debug": false}')));
    expect(step?.undoing).toBe('{"debug": false,"live-restore": false}');
    expect(step?.restart).toMatch(/^the engine has to be restarted for icc by whoever started it: /);
    expect(plan([fail("live-restore", true)], withDaemon(file('{"live-restore": false}'))).step?.undoing).toBeNull();
  });

  it("says which containers a restart stops for good, and what else a changed file brings", () => {
    const running = (id: string, policy: string): ContainerAnswer => containerOf(id, { State: { Running: true }, HostConfig: { RestartPolicy: { Name: policy } } });
    const daemon = { ...file("{}", { modifiedAt: 20 }), startedAt: 10 };
    const snapshot = snapshotOf({ daemon, containers: [running("a", "no"), running("b", "always"), running("c", "on-failure"), containerOf("d", { State: { Running: false } })] });
    expect(plan([fail("icc", false)], snapshot).step?.notes.slice(1)).toEqual([
      "/etc/docker/daemon.json was changed after the engine started: what else was changed comes in force too",
      "no restart policy brings these back when the engine restarts: a, c",
    ]);
    expect(plan([fail("icc", false), fail("live-restore", true)], snapshot).step?.notes.at(-1)).toContain("was changed after");
  });

  it("hides containers in a step of its own, behind the rest", () => {
    const { step, second } = plan([fail("icc", false), fail("userns-remap", "default")], snapshotOf({ containers: [containerOf("a")] }));
    expect([step?.id, step?.consent, step?.file.after]).toEqual(["daemon", null, '{\n  "icc": false\n}\n']);
    expect([second?.id, second?.file]).toEqual(["daemon-userns-remap", { path: "/etc/docker/daemon.json", before: '{\n  "icc": false\n}\n', after: '{\n  "icc": false,\n  "userns-remap": "default"\n}\n' }]);
  });

  it("wants to be asked by name before userns-remap hides something", () => {
    const remap = [fail("userns-remap", "default")];
    expect(plan(remap).step?.consent).toBeNull();
    expect(plan(remap, snapshotOf({ containers: [containerOf("a"), containerOf("b")], images: [{}] })).step?.consent).toContain("hides 2 containers and 1 image ");
    expect(plan(remap, snapshotOf({ images: { status: "denied", detail: "no", data: null } })).step?.consent).toContain("could not be asked");
  });

  it.each([
    [["/usr/bin/dockerd", "--icc=true"], "--icc=true"], [["/usr/bin/dockerd", "--icc", "--debug"], "--icc"],
  ])("never gives a key both as a flag and in the file: %j", (commandLine, flag) => {
    const { step, omitted } = plan([fail("icc", false), fail("debug", false)], withDaemon({ ...DAEMON, commandLine: commandLine.filter((word) => word !== "--debug") }));
    expect(step?.changes.map(({ key }) => key)).toEqual(["debug"]);
    expect(omitted).toEqual([["icc in daemon.json", expect.stringContaining(`started with ${flag}, `)]]);
  });

  it("knows flags that are called otherwise", () => {
    const commandLine = ["dockerd", "--log-opt", "max-size=1m", "-l", "debug"];
    const { step, omitted } = plan([fail("log-opts", { "max-size": "10m" }), fail("log-level", "info")], withDaemon({ ...DAEMON, commandLine }));
    expect(step).toBeUndefined();
    expect(omitted.map(([what]) => what)).toEqual(["log-level in daemon.json", "log-opts in daemon.json"]);
  });

  it("sets nothing that the engine would not start with", () => {
    const { sources } = snapshotOf();
    if (sources.engine.data === null) throw new Error("no data");
    const swarm = snapshotOf({ engine: { ...sources.engine.data, info: { Swarm: { LocalNodeState: "active" } } } });
    expect(plan([fail("live-restore", true)], swarm).omitted[0]?.[1]).toContain("swarm");
    expect(plan([fail("ip6tables", true)]).omitted[0]?.[1]).toContain("experimental");
  });

  it.each([
    ["cannot be read", file(null, { error: "EACCES" }), "cannot be read (EACCES)"],
    ["is not JSON", file("{"), "is not JSON"],
    ["holds a credential", file('{"http-proxy": "http://u:[redacted:url-password]@p"}'), "holds a credential"],
    ["has a name that no script should write to", file(null, { path: "/etc/x\n/y" }), "no path that a script should write to"],
    ["belongs to a rootless engine", { ...DAEMON, rootless: true }, "rootless"],
  ])("leaves the file alone where it %s", (_, daemon, reason) => {
    const { step, omitted } = plan([fail("icc", false)], withDaemon(daemon));
    expect(step).toBeUndefined();
    expect(omitted).toEqual([[expect.any(String), expect.stringContaining(reason)]]);
  });

  it("only asks for a restart where the file is right already", () => {
    const { step, omitted } = plan([fail("icc", false)], withDaemon(file('{"icc": false}')));
    expect(step).toBeUndefined();
    expect(omitted).toEqual([["icc in daemon.json", expect.stringContaining("has to be restarted")]]);
  });

  it("does nothing for what is waived, unknown, or sets no key", () => {
    const results = [fail("icc", false, { waiver: WAIVER }), fail("icc", false, { status: "unknown" }), fail("icc", false, { remediation: { type: "daemon", text: "t", set: {} } })];
    expect(plan(results)).toEqual({ step: undefined, second: undefined, omitted: [] });
  });
});
