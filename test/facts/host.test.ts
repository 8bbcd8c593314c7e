import { describe, expect, it } from "vitest";
import { deriveHost } from "../../src/facts/host.ts";
import type { Host } from "../../src/facts/model/host.ts";
import type { ConntrackNamespace, DaemonData, SysctlData } from "../../src/snapshot/model.ts";
import { containerOf, snapshotOf } from "../support/snapshot.ts";

type Given = Parameters<typeof snapshotOf>[0];

function derive(given: Given): Host {
  const [host] = deriveHost(snapshotOf(given)).resources;
  if (host === undefined) throw new Error("no host was derived");
  return host;
}

const web = containerOf("web", { ResolvConfPath: "/data/web/resolv.conf", HostsPath: "/data/web/hosts" });

const limits = (count: string, max: string): Record<string, string> => ({ "net.netfilter.nf_conntrack_count": count, "net.netfilter.nf_conntrack_max": max });

function sysctlOf(host: Record<string, string | null>, changes: Partial<SysctlData> = {}): SysctlData {
  return { host, netError: null, namespaces: [], asked: [], ...changes };
}

function samplesOf(namespace: string, ...values: Record<string, number>[]): ConntrackNamespace {
  return { namespace, containerIds: namespace === "net:[1]" ? [] : [web.id], samples: values.map((one, at) => ({ at, values: one })), error: null };
}

const DAEMON: DaemonData = {
  pid: 100, commandLine: ["/usr/sbin/dockerd"], startedAt: 0, rootless: false, units: [], listeners: [],
  configFile: { path: "/etc/docker/daemon.json", explicit: false, text: null, error: "ENOENT", modifiedAt: null },
};

const QUIET = { entries: 9, drop: 5, early_drop: 1 };

describe("connection tracking", () => {
  it("of the host and of each container is told apart, with its fill level and growth", () => {
    const sysctl = sysctlOf(limits("90", "100"), { namespaces: [{ namespace: "net:[7]", containerIds: [web.id], values: limits("1", "200"), error: null }] });
    const conntrack = { host: samplesOf("net:[1]", QUIET, { ...QUIET, drop: 7, insert_failed: 99 }), namespaces: [samplesOf("net:[7]", QUIET, QUIET)] };
    const host = derive({ sysctl, conntrack, containers: [web] });
    expect(host.conntrack).toEqual([
      { key: "host", count: 90, max: 100, usage: 0.9, drops: 2 },
      { key: "web", count: 1, max: 200, usage: 0.005, drops: 0 },
    ]);
    expect(host.unknown).toEqual({});
    expect(host.origins["/conntrack/1"]).toEqual({ source: "conntrack", key: "web" });
  });

  it("takes the count from the counters where the key is missing, and no limit for an empty table", () => {
    const sysctl = sysctlOf({ "net.netfilter.nf_conntrack_max": "0" });
    const { conntrack, unknown } = derive({ sysctl, conntrack: { host: samplesOf("net:[1]", QUIET, QUIET), namespaces: [] } });
    expect({ conntrack, unknown }).toEqual({ conntrack: [{ key: "host", count: 9, max: 0, usage: 0, drops: 0 }], unknown: {} });
  });

  it("is empty where the kernel tracks nothing", () => {
    const namespaces = [{ namespace: "net:[7]", containerIds: [web.id], values: {}, error: null }];
    expect(derive({ sysctl: sysctlOf({}, { namespaces }), containers: [web] })).toMatchObject({ conntrack: [], unknown: {} });
  });

  it("does not know drops that were not counted twice", () => {
    const gone: ConntrackNamespace = { ...samplesOf("net:[1]", QUIET), error: "ENOENT" };
    const reset = { host: samplesOf("net:[1]", QUIET, { entries: 9, drop: 0 }), namespaces: [] };
    const sysctl = sysctlOf(limits("1", "100"));
    for (const conntrack of [{ host: gone, namespaces: [] }, reset, { status: "failed", detail: "it broke", data: null } as const]) {
      const host = derive({ sysctl, conntrack });
      expect(host.conntrack).toEqual([{ key: "host", count: 1, max: 100, usage: 0.01, drops: null }]);
      expect(Object.keys(host.unknown)).toEqual(["/conntrack/0/drops"]);
    }
  });

  it("does not know the fill level of a namespace that could not be entered", () => {
    const namespaces = [{ namespace: "net:[7]", containerIds: [web.id], values: {}, error: "nsenter: not permitted" }];
    const conntrack = { host: samplesOf("net:[1]", QUIET, QUIET), namespaces: [samplesOf("net:[7]", QUIET, QUIET)] };
    const host = derive({ sysctl: sysctlOf(limits("1", "100"), { namespaces }), conntrack, containers: [web] });
    expect(host.conntrack[1]).toEqual({ key: "web", count: 9, max: null, usage: null, drops: 0 });
    expect(host.unknown).toEqual({ "/conntrack/1/max": "nsenter: not permitted", "/conntrack/1/usage": "nsenter: not permitted" });
  });

  it("is unknown as a whole where neither source was read", () => {
    const absent = { status: "absent", detail: "the engine is not on this host", data: null } as const;
    expect(derive({ sysctl: absent, conntrack: absent }).unknown).toEqual({ "/conntrack": "the engine is not on this host" });
  });
});

describe("resolvers", () => {
  const file = (path: string, text: string | null, error: string | null = null) => ({ path, text, error });
  const ofWeb = (text: string | null, error: string | null = null) =>
    ({ containerId: web.id, resolvConf: file("/data/web/resolv.conf", text, error), hosts: file("/data/web/hosts", "") });

  it("are those of the host and what a container has besides, by where they reach", () => {
    const host = derive({
      containers: [web],
      resolvers: {
        host: [file("/etc/resolv.conf", "search x\nnameserver 127.0.0.53\n"), file("/run/systemd/resolve/resolv.conf", "nameserver 10.0.0.53\nnameserver fe80::1%eth0\n")],
        containers: [ofWeb("nameserver 10.0.0.53\n nameserver 2606:4700::1111\nnameserver 169.254.169.253\noptions ndots:0\n")],
      },
    });
    expect(host.resolvers).toEqual([
      { key: "host 127.0.0.53", of: "host", address: "127.0.0.53", scope: "loopback" },
      { key: "host 10.0.0.53", of: "host", address: "10.0.0.53", scope: "private" },
      { key: "host fe80::1%eth0", of: "host", address: "fe80::1%eth0", scope: "linkLocal" },
      { key: "web 169.254.169.253", of: "web", address: "169.254.169.253", scope: "linkLocal" },
      { key: "web 2606:4700::1111", of: "web", address: "2606:4700::1111", scope: "global" },
    ]);
    expect(host.origins["/resolvers/0"]).toEqual({ file: "/etc/resolv.conf", line: 2, column: 12, endLine: 2, endColumn: 22 });
    expect(host.origins["/resolvers/4"]).toMatchObject({ file: "/data/web/resolv.conf", line: 2, column: 13 });
  });

  it("are, in place of the engine's own, those that it asks", () => {
    const text = "nameserver 127.0.0.11\nsearch x\noptions ndots:0\n# ExtServers: [host(127.0.0.53) 1.1.1.1]\n";
    const { resolvers } = derive({ containers: [web], resolvers: { host: [], containers: [ofWeb(text)] } });
    expect(resolvers.map(({ key, scope }) => [key, scope])).toEqual([["web 1.1.1.1", "global"], ["web 127.0.0.53", "loopback"]]);
  });

  it("are, where the file of an older engine does not tell those, the container's, the daemon's or the host's", () => {
    const resolvers = { host: [file("/etc/resolv.conf", "nameserver 10.0.0.53\n")], containers: [ofWeb("nameserver 127.0.0.11\n")] };
    const own = containerOf("web", { HostConfig: { Dns: ["9.9.9.9"] } });
    const withFile = (text: string): Given => ({ daemon: { ...DAEMON, configFile: { ...DAEMON.configFile, text, error: null } } });
    const besides = (given: Given): unknown[] => derive({ resolvers, containers: [web], ...given }).resolvers.slice(1).map(({ key }) => key);
    expect(besides({ containers: [own], ...withFile('{"dns": ["8.8.8.8"]}') })).toEqual(["web 9.9.9.9"]);
    expect(besides(withFile('{"dns": ["8.8.8.8"]}'))).toEqual(["web 8.8.8.8"]);
    expect(besides({})).toEqual([]);
    const unread = derive({ resolvers, containers: [web], daemon: { status: "denied", detail: "it may not be read", data: null } });
    expect(unread.unknown).toMatchObject({ "/resolvers/1": "it may not be read" });
  });

  it("are unknown, each for itself, where a file cannot be read, and none where there is no file", () => {
    const closed = { host: [file("/etc/resolv.conf", null, "ENOENT")], containers: [ofWeb(null, "EACCES")] };
    expect(derive({ containers: [web], resolvers: closed }).unknown).toEqual({ "/resolvers/0": "/data/web/resolv.conf cannot be read: EACCES" });
  });

  it("are unknown as a whole where they were not read", () => {
    expect(derive({ resolvers: { status: "failed", detail: "it broke", data: null } }).unknown).toEqual({ "/resolvers": "it broke" });
  });
});

describe("writable resolver files", () => {
  const mount = (Source: string, Destination: string, RW: boolean) => ({ Type: "bind", Source, Destination, RW });

  it("are the user's mounts that the container can write, which the engine then names as its own file", () => {
    const Mounts = [
      mount("/srv/hosts", "/etc/hosts", true),
      mount("/srv/other", "/etc/other", true),
    ];
    const readOnly = containerOf("safe", { Mounts: [mount("/srv/hosts", "/etc/hosts", false)] });
    const host = derive({ containers: [{ ...web, inspect: { ...web.inspect, HostsPath: "/srv/hosts", Mounts } }, readOnly] });
    expect(host.writableResolverFiles).toEqual([{ key: "web /etc/hosts", container: "web", target: "/etc/hosts", source: "/srv/hosts" }]);
    expect(host.origins["/writableResolverFiles/0"]).toEqual({ source: "containers", key: "web Mounts /etc/hosts" });
  });

  it("are unknown of a container without an inspect answer, and of an engine that failed or is elsewhere", () => {
    expect(derive({ containers: [{ id: "x", name: "x", inspect: null, error: "500" }] }).unknown).toEqual({ "/writableResolverFiles/0": "500" });
    expect(derive({ containers: { status: "failed", detail: "it broke", data: null } }).unknown).toEqual({ "/writableResolverFiles": "it broke" });
    const remote = { endpoint: "tcp://x", local: false, localReason: "it is tcp", pid: null, info: { DockerRootDir: "/var/lib/docker" }, version: {} };
    expect(derive({ engine: remote, containers: [web] }).unknown).toEqual({ "/writableResolverFiles": "the engine is not on this host: it is tcp" });
  });

  it("are none without an engine", () => {
    const absent = { status: "absent", detail: "no Docker", data: null } as const;
    expect(derive({ engine: absent, containers: absent })).toMatchObject({ writableResolverFiles: [], unknown: {} });
  });
});

it("is no resource where the host could not be looked at", () => {
  expect(deriveHost(snapshotOf({ host: { status: "failed", detail: "no /proc", data: null } }))).toEqual({
    resources: [], source: { status: "failed", detail: "no /proc" },
  });
});
