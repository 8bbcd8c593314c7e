import { expect, test } from "vitest";
import { completeContainer } from "../../../src/collect/podman/complete-container.ts";
import type { Raw } from "../../../src/snapshot/model.ts";

interface Given {
  readonly host?: Raw;
  readonly settings?: Raw;
  readonly own?: Raw;
  readonly ownHost?: Raw;
  readonly command?: readonly string[] | null;
  readonly info?: Raw;
  readonly release?: readonly [number, number];
}

const NETWORKS = new Map<string, Raw>([
  ["podman", { name: "podman", internal: false, ipv6_enabled: false }], ["six", { name: "six", internal: false, ipv6_enabled: true }],
  ["inner", { name: "inner", internal: true, ipv6_enabled: false }],
]);

/** As podman 4.3 answers of `podman run busybox`, with changes. */
function complete({ host = {}, settings = {}, own = {}, ownHost = {}, command = ["podman", "run", "busybox"], release = [4, 3], info = {} }: Given): { HostConfig: Raw; NetworkSettings: Raw; Untold: string[] } {
  const inspect = {
    Name: "/web",
    HostConfig: { NetworkMode: "bridge", IpcMode: "shareable", CapAdd: [], CapDrop: [], LogConfig: { Type: "json-file", Config: null }, Privileged: false, SecurityOpt: [], MaskedPaths: null, PortBindings: {}, ...host },
    NetworkSettings: { Networks: { podman: { NetworkID: "podman" } }, Ports: {}, ...settings },
  };
  const answer = { OCIRuntime: "crun", Config: { Image: "docker.io/library/busybox:latest", CreateCommand: command }, HostConfig: { CgroupMode: "private", LogConfig: { Type: "k8s-file", Size: "0B" }, Ulimits: [], ...ownHost }, ...own };
  return completeContainer(inspect, answer, { release, info, networks: NETWORKS }) as ReturnType<typeof complete>;
}

test("what only podman's own API tells is put where dockerd tells it", () => {
  const { HostConfig: host } = complete({
    own: { OCIRuntime: "/usr/sbin/runc" },
    ownHost: { LogConfig: { Size: "1MB" }, Ulimits: [{ Name: "RLIMIT_NOFILE", Soft: 1, Hard: 2 }], IDMappings: { UidMap: ["0:100000:65536"] } },
  });
  expect(host).toMatchObject({
    Runtime: "runc", CgroupnsMode: "private", LogConfig: { Type: "json-file", Config: { "max-size": "1MB" } }, Ulimits: [{ Name: "nofile", Soft: 1, Hard: 2 }],
    IDMappings: { UidMap: ["0:100000:65536"] },
  });
});

test.each(["0B", "-1B", "", undefined])("a log of size %s is not cut", (size) => {
  expect(complete({ ownHost: { LogConfig: { Size: size } } }).HostConfig["LogConfig"]).toEqual({ Type: "json-file", Config: {} });
});

const DEFAULTS = ["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"];

test.each<[string, Raw, string[], string[]]>([
  ["all of them", { CapDrop: DEFAULTS }, ["ALL"], []],
  ["all but one", { CapDrop: DEFAULTS.filter((name) => name !== "CHOWN") }, ["ALL"], ["CHOWN"]],
  ["all, and another is added", { CapDrop: DEFAULTS, CapAdd: ["NET_ADMIN"] }, ["ALL"], ["NET_ADMIN"]],
  ["one", { CapDrop: ["MKNOD"] }, ["MKNOD"], []],
  ["those that podman's own default does not have", { CapDrop: ["AUDIT_WRITE", "MKNOD", "NET_RAW"] }, ["AUDIT_WRITE", "MKNOD", "NET_RAW"], []],
  ["many of a privileged one, on a machine that has fewer", { CapDrop: DEFAULTS, Privileged: true }, DEFAULTS, []],
])("of capabilities that lack %s", (_, host, drop, add) => {
  expect(complete({ host }).HostConfig).toMatchObject({ CapDrop: drop, CapAdd: add });
});

test("options that no answer repeats are read from the command line, up to the image", () => {
  const options = ["--sysctl", "net.core.somaxconn=1024", "--sysctl=kernel.shm_rmid_forced=1", "--device-cgroup-rule", "b 8:* rwm", "--ipc=host", "--security-opt", "unmask=ALL"];
  const made = complete({ command: ["podman", "--root", "/x", "run", ...options, "busybox", "tool", "--sysctl", "a=b"] });
  expect(made.HostConfig).toMatchObject({
    Sysctls: { "net.core.somaxconn": "1024", "kernel.shm_rmid_forced": "1" }, DeviceCgroupRules: ["b 8:* rwm"], IpcMode: "host", MaskedPaths: [],
  });
  expect(made.Untold).toEqual([]);
});

test("without a command line what is not told stays open, by what the release tells", () => {
  const untold = (release: readonly [number, number], host: Raw = {}): string[] => complete({ command: null, release, host }).Untold;
  expect(untold([4, 3])).toEqual(["Sysctls", "DeviceCgroupRules", "MaskedPaths", "IpcMode"]);
  expect(untold([4, 3], { IpcMode: "container:x" })).toEqual(["Sysctls", "DeviceCgroupRules", "MaskedPaths"]);
  expect(untold([4, 6])).toEqual(["Sysctls", "DeviceCgroupRules", "MaskedPaths"]);
  expect(untold([5, 0])).toEqual(["Sysctls", "DeviceCgroupRules"]);
  expect(complete({ command: null, release: [5, 0], host: { SecurityOpt: ["unmask=all"] } }).HostConfig["MaskedPaths"]).toEqual([]);
});

test("the command line of the service that made it is none of the container's", () => {
  const service = ["podman", "--root", "/x", "system", "service", "--time=0", "unix:///run/podman.sock"];
  expect(complete({ command: service }).Untold).toEqual(["Sysctls", "DeviceCgroupRules", "MaskedPaths", "IpcMode"]);
});

const BINDING = { "80/tcp": [{ HostIp: "", HostPort: "8080" }], "81/tcp": [{ HostIp: "127.0.0.1", HostPort: "81" }], "82/tcp": null };

test.each<[string, Raw, Raw]>([
  ["IPv4 only", { podman: {} }, { ...BINDING, "80/tcp": [{ HostIp: "0.0.0.0", HostPort: "8080" }] }],
  ["IPv6 too", { podman: {}, six: {} }, { ...BINDING, "80/tcp": [{ HostIp: "0.0.0.0", HostPort: "8080" }, { HostIp: "::", HostPort: "8080" }] }],
  ["no network, as with slirp4netns", {}, { ...BINDING, "80/tcp": [{ HostIp: "0.0.0.0", HostPort: "8080" }] }],
  ["internal networks only", { inner: {} }, {}],
])("ports without an address are published on every address of the networks: %s", (_, networks, ports) => {
  const made = complete({ host: { PortBindings: BINDING }, settings: { Networks: networks, Ports: BINDING } });
  expect([made.HostConfig["PortBindings"], made.NetworkSettings["Ports"]]).toEqual([ports, ports]);
});

test("a rootless podman takes them by a program that listens on both families", () => {
  const made = complete({ info: { host: { security: { rootless: true } } }, settings: { Networks: {}, Ports: { "80/tcp": [{ HostIp: "", HostPort: "8080" }] } } });
  expect(made.NetworkSettings["Ports"]).toEqual({ "80/tcp": ["0.0.0.0", "::"].map((address) => ({ HostIp: address, HostPort: "8080" })) });
});

test("networks and ports of a container whose network another one joins are its own alone", () => {
  const made = complete({ host: { NetworkMode: "container:abc" }, settings: { Ports: BINDING } });
  expect(made.NetworkSettings).toMatchObject({ Networks: {}, Ports: {} });
});

test("answers of another shape are taken as they are", () => {
  expect(completeContainer({}, {}, { release: [4, 3], info: {}, networks: NETWORKS })).toMatchObject({ HostConfig: { Runtime: "", Ulimits: [] } });
});
