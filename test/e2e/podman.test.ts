/** A host of Debian's podman: containers that differ in one thing each, the whole list of results, and ports as connections find them. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Report, Result } from "../../src/policy/model/report.ts";
import { listResults, runHarden, scan } from "../support/harden.ts";
import { importImage, SERVE } from "../support/images.ts";
import { joinOutside, type Outside } from "../support/namespaces.ts";
import { type Case, CGROUP_POLICY, HAS_CGROUP2, listExpected, PRIVILEGED } from "../support/one-fault.ts";
import { PODMAN_NEEDS, type Podman, startPodman } from "../support/podman.ts";
import { describeWith } from "../support/requirements.ts";
import { findRemains, noteTraces } from "../support/traces.ts";

/** What a container is run with that has no fault. */
const SOUND = [
  "--network", "app", "--user", "1000", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--read-only", "--memory", "64m", "--cpus", "0.5",
  "--pids-limit", "100", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=4096:4096", "--log-opt", "max-size=1m", "--health-cmd", "true",
];

function listCases(podman: Podman): Case[] {
  const without = (...words: string[]): string[] => SOUND.filter((word, index) => !words.includes(word) && !words.includes(SOUND[index - 1] ?? ""));
  const mount = (target: string): string => `container-sensitive-mount [${target}]`;
  const published = (address: string): string => `container-published-all-interfaces [${address}]`;
  return [
    { name: "sound", how: "run", args: SOUND, fails: [] },
    { name: "privileged", how: "create", args: [...SOUND, "--privileged"], fails: PRIVILEGED },
    { name: "own-socket", how: "run", args: [...SOUND, "-v", `${podman.socket}:/engine.sock`], fails: ["container-docker-socket [/engine.sock]"] },
    { name: "own-data", how: "run", args: [...SOUND, "-v", `${podman.folder}/data:/data:ro`], fails: [mount("/data")] },
    { name: "host-etc", how: "run", args: [...SOUND, "-v", "/etc:/host/etc:ro", "-v", "/etc/localtime:/etc/localtime:ro"], fails: [mount("/host/etc")] },
    { name: "disguised-bind", how: "create", args: [...SOUND, "-v", "disguised:/x"], fails: [mount("/x")] },
    { name: "plain-volume", how: "run", args: [...SOUND, "-v", "data:/var/run"], fails: [] },
    { name: "host-network", how: "run", args: [...without("--network"), "--network", "host"], fails: ["container-host-network"] },
    { name: "joins-host", how: "run", args: [...without("--network"), "--network", "container:host-network"], fails: ["container-host-network", "container-joins-namespace [network]"] },
    { name: "no-network", how: "run", args: [...without("--network"), "--network", "none"], fails: [] },
    { name: "default-network", how: "run", args: without("--network"), fails: ["container-default-bridge"] },
    { name: "root", how: "run", args: [...without("--user"), "--user", "0:0"], fails: ["container-root-user"] },
    { name: "stopped-root", how: "create", args: without("--user"), fails: ["container-root-user"] },
    { name: "mapped-root", how: "run", args: [...without("--user"), "--uidmap", "0:100000:65536"], fails: [] },
    { name: "stopped-mapped-root", how: "create", args: [...without("--user"), "--uidmap", "0:100000:65536"], fails: [] },
    { name: "gains-privileges", how: "run", args: without("--security-opt"), fails: ["container-no-new-privileges"] },
    { name: "keeps-caps", how: "run", args: without("--cap-drop"), fails: ["container-cap-drop-all", "container-net-raw"] },
    { name: "drops-one", how: "run", args: [...without("--cap-drop"), "--cap-drop", "NET_RAW"], fails: ["container-cap-drop-all"] },
    { name: "binds-low-ports", how: "run", args: [...SOUND, "--cap-add", "NET_BIND_SERVICE"], fails: [] },
    { name: "adds-chown", how: "run", args: [...SOUND, "--cap-add", "CHOWN"], fails: ["container-cap-add-unneeded [CHOWN]"] },
    { name: "sys-admin", how: "run", args: [...SOUND, "--cap-add", "SYS_ADMIN"], fails: ["container-cap-add-unneeded [SYS_ADMIN]", "container-dangerous-caps"] },
    { name: "published", how: "run", args: [...SOUND, "-p", "8080:80"], fails: [published("0.0.0.0:8080->80/tcp")] },
    { name: "published-loopback", how: "run", args: [...SOUND, "-p", "127.0.0.1:8081:80"], fails: [] },
    { name: "published-six", how: "run", args: [...without("--network"), "--network", "six", "-p", "8082:80"], fails: [published("0.0.0.0:8082->80/tcp"), published("[::]:8082->80/tcp")] },
    { name: "published-inside", how: "run", args: [...without("--network"), "--network", "inner", "-p", "8083:80"], fails: [] },
    { name: "sees-processes", how: "run", args: [...SOUND, "--pid", "host"], fails: ["container-host-pid"] },
    { name: "shares-memory", how: "run", args: [...SOUND, "--ipc", "host"], fails: ["container-host-ipc"] },
    { name: "shares-memory-later", how: "create", args: [...SOUND, "--ipc=host"], fails: ["container-host-ipc"] },
    { name: "host-name", how: "run", args: [...SOUND, "--uts", "host"], fails: ["container-host-uts"] },
    { name: "sees-groups", how: "create", args: [...SOUND, "--cgroupns", "host"], fails: HAS_CGROUP2 ? [CGROUP_POLICY] : [] },
    { name: "joins-pid", how: "run", args: [...SOUND, "--pid", "container:sound"], fails: ["container-joins-namespace [pid]"] },
    { name: "propagates", how: "create", args: [...SOUND, "-v", "/srv:/srv:rshared"], fails: ["container-mount-propagation [/srv]"] },
    { name: "no-seccomp", how: "run", args: [...SOUND, "--security-opt", "seccomp=unconfined"], fails: ["container-seccomp-unconfined"] },
    { name: "unmasked", how: "run", args: [...SOUND, "--security-opt", "unmask=ALL"], fails: ["container-systempaths-unconfined"] },
    { name: "unmasked-later", how: "create", args: [...SOUND, "--security-opt", "unmask=ALL"], fails: ["container-systempaths-unconfined"] },
    { name: "device", how: "run", args: [...SOUND, "--device", "/dev/zero:/dev/x"], fails: ["container-device [/dev/zero]"] },
    { name: "device-rule", how: "create", args: [...SOUND, "--device-cgroup-rule", "b 8:* rwm"], fails: ["container-device-cgroup-rule [b 8:* rwm]"] },
    { name: "own-sysctl", how: "create", args: [...SOUND, "--sysctl", "net.core.somaxconn=1024"], fails: [] },
    { name: "writes", how: "run", args: SOUND.filter((word) => word !== "--read-only"), fails: ["container-writable-rootfs"] },
    { name: "unlimited", how: "run", args: [...without("--memory", "--cpus", "--pids-limit"), "--pids-limit", "0"], fails: ["container-cpu-limit", "container-memory-limit", "container-pids-limit"] },
    { name: "default-pids", how: "create", args: without("--pids-limit"), fails: [] },
    { name: "restarts", how: "create", args: [...SOUND, "--restart", "always"], fails: ["container-restart-policy"] },
    { name: "restarts-thrice", how: "create", args: [...SOUND, "--restart", "on-failure:3"], fails: [] },
    { name: "logs", how: "create", args: without("--log-opt"), fails: ["container-log-rotation"] },
    { name: "unwatched", how: "create", args: without("--health-cmd"), fails: ["container-healthcheck"] },
    { name: "secret", how: "create", args: [...SOUND, "-e", "DB_PASSWORD=hunter2"], fails: ["container-secret-in-environment [DB_PASSWORD]"] },
    { name: "resolves", how: "create", args: [...SOUND, "--dns", "8.8.8.8"], fails: ["container-dns-override [8.8.8.8]"] },
    {
      name: "shop-web-1", id: "shop/web", how: "run", fails: [],
      args: [...SOUND, "--label", "com.docker.compose.project=shop", "--label", "com.docker.compose.service=web", "--label", "io.podman.compose.project=shop"],
    },
  ];
}

describeWith(PODMAN_NEEDS, "a host with podman", () => {
  let podman: Podman;
  let outside: Outside;
  let cases: Case[];
  let report: Report;

  beforeAll(async () => {
    podman = await startPodman();
    outside = await joinOutside(podman);
    await importImage(podman, "busybox:plain", []);
    await podman.docker("network", "create", "app");
    await podman.docker("network", "create", "--internal", "inner");
    await podman.docker("network", "create", "--ipv6", "--subnet", "10.99.0.0/24", "--subnet", "fd00:99::/64", "six");
    await podman.docker("volume", "create", "--opt", "type=none", "--opt", "o=bind", "--opt", "device=/etc", "disguised");
    cases = listCases(podman);
    for (const { name, how, args } of cases) await podman.docker(how, ...(how === "run" ? ["--detach"] : []), "--name", name, ...args, "localhost/busybox:plain", "sleep", "3600");
    report = await scan(["--profile", "strict"], podman.env);
  });
  afterAll(async () => {
    await outside.remove();
    await podman.stop();
  });

  const resultsOf = (kinds: readonly string[]): Result[] => report.results.filter(({ resource }) => kinds.includes(resource.kind));

  test("every source was read but the daemon's, of which there is none", () => {
    const silent = report.sources.filter((source) => source.status !== "ok").map(({ name, status, detail }) => `${name} ${status}: ${detail ?? ""}`);
    expect(silent).toEqual(["daemon absent: podman is no daemon: it has no such configuration"]);
  });

  test("every container has exactly its fault", () => {
    const judged = resultsOf(["container"]).filter(({ policy }) => policy.startsWith("container-"));
    expect(listResults(judged)).toEqual(listExpected(cases));
  });

  test("no rule of dockerd's configuration applies", () => {
    const judged = resultsOf(["daemon"]);
    expect(judged.length).toBeGreaterThan(20);
    expect(new Set(judged.map(({ status, resource }) => `${status} ${String(resource.id)}`))).toEqual(new Set(["notApplicable null"]));
  });

  test("the rule sets are judged without DOCKER-USER, and netavark's rules are nobody's own", () => {
    const judged = resultsOf(["ruleset"]).filter(({ status }) => status !== "pass");
    expect(listResults(judged)).toEqual([
      ...["v4", "v6"].map((family) => `fail firewall-drop-logging ${family}`),
      ...["empty", "missing"].flatMap((what) => ["v4", "v6"].map((family) => `notApplicable firewall-docker-user-${what} ${family}`)),
    ]);
  });

  test("a plan has no rule for a chain that podman does not have, and nothing for a daemon", async () => {
    const folder = `${podman.folder}/plan`;
    const { exitCode } = await runHarden(["--profile", "strict", "--plan", folder, "--fail-on", "never"], podman.env);
    const names = (await podman.inNamespace("ls", folder)).split("\n");
    expect(exitCode).toBe(0);
    expect(names).toContain("harden.nft");
    expect(names.filter((name) => /docker-user|daemon/.test(name))).toEqual([]);
  });

  test("connections reach what the report says is reached", async () => {
    await podman.docker("run", "--detach", "--name", "server", "--network", "six", "-p", "8090:80", "-p", "127.0.0.1:8091:80", "localhost/busybox:plain", ...SERVE);
    const { exitCode, stdout } = await runHarden(["-o", "json", "--fail-on", "never"], podman.env);
    expect(exitCode).toBe(0);
    const listed = (JSON.parse(stdout) as Report).results.filter(({ resource, policy }) => policy === "firewall-port-reachable-from-any" && resource.id?.endsWith("server:80"));
    expect(listResults(listed)).toEqual([
      "fail firewall-port-reachable-from-any v4 0.0.0.0:8090/tcp → server:80",
      "fail firewall-port-reachable-from-any v6 [::]:8090/tcp → server:80",
      "notApplicable firewall-port-reachable-from-any v4 127.0.0.1:8091/tcp → server:80",
    ]);
    const tried = await Promise.all([[outside.engine4, 8090], [outside.engine6, 8090], [outside.engine4, 8091]].map(([address, port]) => outside.connects(String(address), Number(port))));
    expect(tried).toEqual([true, true, false]);
  });

  test("a pod is judged by its ports and networks alone, under its own name, and a plain folder has no image", async () => {
    await podman.docker("pod", "create", "--name", "shop", "-p", "7070:80");
    await podman.docker("create", "--name", "rootfs", "--rootfs", "/usr", "true");
    const { sources, results } = await scan(["--profile", "strict"], podman.env);
    expect(sources.filter(({ name }) => name === "images").map(({ status, detail }) => [status, detail])).toEqual([["ok", null]]);
    const judged = results.filter(({ resource, policy, status }) => resource.id === "shop/infra" && policy.startsWith("container-") && (status === "fail" || status === "unknown"));
    expect(listResults(judged)).toEqual(["fail container-default-bridge shop/infra", "fail container-published-all-interfaces shop/infra [0.0.0.0:7070->80/tcp]"]);
    expect(results.filter(({ resource, status }) => status !== "pass" && status !== "notApplicable" && resource.id?.includes("podman-pause"))).toEqual([]);
    expect(results.filter(({ resource, policy, status }) => resource.id === "rootfs" && policy.startsWith("container-image-") && status !== "notApplicable")).toEqual([]);
    await podman.docker("pod", "rm", "--force", "shop");
    await podman.docker("rm", "rootfs");
  });

  test("leaves nothing when it is stopped", async () => {
    const traces = await noteTraces(podman);
    await outside.remove();
    await podman.stop();
    expect(await findRemains(traces)).toEqual({ processes: [], mounts: [], cgroups: [], files: [] });
  });
});
