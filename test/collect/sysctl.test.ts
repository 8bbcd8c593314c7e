import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collectAddresses } from "../../src/collect/addresses.ts";
import { startAroundEngine } from "../../src/collect/around-engine.ts";
import { listOwnInterfaces } from "../../src/collect/own-interfaces.ts";
import { readSysctlTree } from "../../src/collect/sysctl-tree.ts";
import { collectSysctl } from "../../src/collect/sysctl.ts";
import type { Subject } from "../../src/collect/subject.ts";
import type { SysctlData } from "../../src/snapshot/model.ts";
import { holdNamespace, type HeldNamespace } from "../support/hold-namespace.ts";
import { runIn } from "../support/namespaces.ts";
import { describeWith } from "../support/requirements.ts";

/** Asked whatever policies ask. */
const FORWARDING = ["net.ipv4.conf.*.forwarding", "net.ipv6.conf.*.forwarding"];
const CONNTRACK = ["net.netfilter.nf_conntrack_buckets", "net.netfilter.nf_conntrack_count", "net.netfilter.nf_conntrack_max"];
/** What is asked of the host's interfaces besides, for the way of its packets. */
const isRouting = (key: string): boolean =>
  /\.(rp_filter|route_localnet|accept_local|send_redirects|bc_forwarding|src_valid_mark|ignore_routes_with_linkdown|force_forwarding)$/.test(key);
const isAlwaysAsked = (key: string): boolean => CONNTRACK.includes(key) || /^net\.ipv[46]\.conf\..*\.forwarding$/.test(key);
const NO_SUCH_PROCESS = 2 ** 22 + 1;

const subjectOf = (pid: number | null, containers: Subject["containers"] = []): Subject => ({ pid, dataRoot: "/var/lib/docker", socket: null, containers });

async function collect(subject: Subject, all: readonly string[], inContainers: readonly string[] = all): Promise<SysctlData> {
  const { data } = await collectSysctl(subject, { all, inContainers });
  if (data === null) throw new Error("nothing was collected");
  return data;
}

describe("readSysctlTree", () => {
  const values = readSysctlTree(["net/ipv4/conf/lo/tag", "net/ipv4/conf/l*/arp_[i]gnore"], true);

  it("reads the kernel's own words", () => {
    expect(values["kernel.ostype"]).toBe("Linux");
    expect(values["net.ipv4.conf.all.rp_filter"]).toMatch(/^[012]$/);
  });

  it("never opens what blocks, works or is a secret", () => {
    const keys = Object.keys(values);
    expect(keys.filter((key) => /binfmt_misc|stat_refresh|random\.uuid/.test(key))).toEqual([]);
    expect(keys.filter((key) => /stable_secret|tcp_fastopen_key/.test(key) && values[key] !== null)).toEqual([]);
  });

  it("reads of single interfaces only what is asked for", () => {
    expect(Object.keys(values).filter((key) => /\.(conf|neigh)\.lo\./.test(key)).sort()).toEqual(["net.ipv4.conf.lo.arp_ignore", "net.ipv4.conf.lo.tag"]);
  });

  it("reads no net.* where that belongs to another namespace", () => {
    expect(Object.keys(readSysctlTree([], false)).filter((key) => key.startsWith("net."))).toEqual([]);
  });
});

describe("an engine of which it is not known in which network namespace it is", () => {
  const subject = { ...subjectOf(null), networkUnknown: "which process it is cannot be told" };

  it("is not taken to be in ours: neither its net.* nor its rules and addresses are read", async () => {
    const { host, netError } = await collect(subject, ["net.ipv4.tcp_syncookies"]);
    expect([netError, Object.keys(host).filter((key) => key.startsWith("net.")), host["kernel.ostype"]]).toEqual([subject.networkUnknown, [], "Linux"]);
    const around = startAroundEngine(subject);
    for (const name of ["iptables", "ipset", "nftables", "addresses"] as const) {
      expect(await around[name]).toEqual({ status: "failed", detail: subject.networkUnknown, data: null });
    }
    expect((await around.boot).status).toBe("ok");
  });
});

describeWith({ root: true, programs: ["nsenter", "ip"] }, "collectSysctl", () => {
  let first: HeldNamespace;
  let second: HeldNamespace;
  let pids: readonly [number, number];
  beforeAll(async () => {
    [first, second] = await Promise.all([holdNamespace(), holdNamespace()]);
    pids = [pidOf(first), pidOf(second)];
    await runIn(first.netns, ["ip", "link", "add", "v0.1", "type", "veth", "peer", "name", "v1"]);
    await write(first, "net/ipv4/conf/v0.1/tag", "7");
    await write(first, "net/ipv4/tcp_syncookies", "2");
    await write(second, "net/ipv4/tcp_syncookies", "0");
  });
  afterAll(async () => {
    await Promise.all([first.release(), second.release()]);
  });

  it("reads what is asked for, once in each namespace", async () => {
    const containers = [{ id: "a", pid: pids[0] }, { id: "b", pid: pids[1] }, { id: "c", pid: pids[0] }, { id: "d", pid: process.pid }];
    const data = await collect(subjectOf(null, containers), ["net.ipv4.tcp_syncookies", "net.ipv4.conf.*.tag", "net.no_such_key", "kernel.panic"]);
    expect(data.asked).toEqual(["kernel.panic", "net.ipv4.conf.*.forwarding", "net.ipv4.conf.*.tag", "net.ipv4.tcp_syncookies", "net.ipv6.conf.*.forwarding", ...CONNTRACK, "net.no_such_key"]);
    const others = ({ namespace, containerIds, values, error }: SysctlData["namespaces"][number]): unknown =>
      ({ named: /^net:\[\d+\]$/.test(namespace ?? ""), containerIds, error, values: Object.entries(values).filter(([key]) => !isAlwaysAsked(key)).sort() });
    expect(data.namespaces.map(others)).toEqual([
      {
        named: true, containerIds: ["a", "c"], error: null,
        values: [
          ["net.ipv4.conf.all.tag", "0"], ["net.ipv4.conf.default.tag", "0"], ["net.ipv4.conf.lo.tag", "0"], ["net.ipv4.conf.v0/1.tag", "7"],
          ["net.ipv4.conf.v1.tag", "0"], ["net.ipv4.tcp_syncookies", "2"],
        ],
      },
      {
        named: true, containerIds: ["b"], error: null,
        values: [
          ["net.ipv4.conf.all.tag", "0"], ["net.ipv4.conf.default.tag", "0"], ["net.ipv4.conf.lo.tag", "0"], ["net.ipv4.tcp_syncookies", "0"],
        ],
      },
    ]);
  });

  it("reads in containers only what is judged there", async () => {
    const data = await collect(subjectOf(null, [{ id: "a", pid: pids[0] }]), ["net.ipv4.tcp_syncookies", "net.ipv4.conf.*.tag", "kernel.panic"], ["net.ipv4.tcp_syncookies", "kernel.panic"]);
    expect(data.askedOfContainers).toEqual(["net.ipv4.tcp_syncookies", ...CONNTRACK]);
    expect(data.namespaces.map(({ values }) => Object.keys(values).filter((key) => !CONNTRACK.includes(key)))).toEqual([["net.ipv4.tcp_syncookies"]]);
    expect(data.host["net.ipv4.conf.all.tag"]).toBe("0");
  });

  it("takes the host's net.* from the engine's namespace, and all else from this machine", async () => {
    const { host, netError, namespaces } = await collect(subjectOf(pids[0], [{ id: "a", pid: pids[0] }]), ["net.ipv4.conf.*.tag"]);
    expect({ netError, namespaces }).toEqual({ netError: null, namespaces: [] });
    expect(host).toMatchObject({ "net.ipv4.tcp_syncookies": "2", "net.ipv4.conf.v0/1.tag": "7", "kernel.ostype": "Linux", "net.ipv4.tcp_fastopen_key": null });
    expect(Object.keys(host).filter((key) => /\.conf\.(lo|v1|v0\/1)\./.test(key) && !isAlwaysAsked(key) && !isRouting(key)).sort()).toEqual([
      "net.ipv4.conf.lo.tag", "net.ipv4.conf.v0/1.tag", "net.ipv4.conf.v1.tag",
    ]);
  });

  it("reads of ports of bridges none of their own settings, which nothing asks", async () => {
    const bridged = await holdNamespace();
    try {
      const [pid, asked] = [pidOf(bridged), ["net.ipv4.conf.*.tag", "net.ipv6.conf.*.accept_ra"]];
      for (const words of ["link add br0.7 type bridge", "link add port type veth peer name far", "link set port master br0.7"]) await runIn(bridged.netns, ["ip", ...words.split(" ")]);
      const interfaces = listOwnInterfaces(await collectAddresses({ pid }));
      expect(interfaces?.toSorted()).toEqual(["br0.7", "far", "lo"]);
      const { data } = await collectSysctl(subjectOf(pid), { all: asked, inContainers: [] }, interfaces);
      const read = (values: Readonly<Record<string, unknown>> = {}): string[] => Object.keys(values).filter((key) => /\.(tag|accept_ra)$/.test(key)).sort();
      expect(read(data?.host)).toEqual(["ipv4", "ipv6"].flatMap((family) => ["all", "br0/7", "default", "far", "lo"].map((name) => `net.${family}.conf.${name}.${family === "ipv4" ? "tag" : "accept_ra"}`)));
      const script = `import("./src/collect/sysctl-tree.ts").then((tree) => console.log(JSON.stringify(tree.readSysctlTree(["net/ipv4/conf/*/tag", "net/ipv6/conf/*/accept_ra"], true, ${JSON.stringify(interfaces)}))))`;
      expect(read(JSON.parse(await runIn(bridged.netns, [process.execPath, "-e", script])) as Record<string, unknown>)).toEqual(read(data?.host));
    } finally {
      await bridged.release();
    }
  });

  it("reads the same keys of another namespace as of its own", async () => {
    const others = Object.keys((await collect(subjectOf(pids[1]), [])).host);
    const script = "import('./src/collect/sysctl-tree.ts').then((tree) => console.log(JSON.stringify(Object.keys(tree.readSysctlTree([], true)))))";
    const own = JSON.parse(await runIn(second.netns, [process.execPath, "-e", script])) as string[];
    expect(others.filter((key) => !/\.lo\.forwarding$/.test(key) && !(/\.lo\./.test(key) && isRouting(key))).sort()).toEqual(own.sort());
  });

  it("tells of a namespace that is gone, and of an engine that is", async () => {
    const { namespaces } = await collect(subjectOf(null, [{ id: "gone", pid: NO_SUCH_PROCESS }, { id: "b", pid: pids[1] }]), ["net.ipv4.tcp_syncookies"]);
    expect(namespaces[0]).toEqual({ namespace: null, containerIds: ["gone"], values: {}, error: "ENOENT" });
    expect(namespaces[1]?.values["net.ipv4.tcp_syncookies"]).toBe("0");
    const answer = await collectSysctl(subjectOf(NO_SUCH_PROCESS), { all: [], inContainers: [] });
    expect(answer).toMatchObject({ status: "failed", detail: "net.* of the engine's network namespace: ENOENT" });
    expect(answer.data?.host["kernel.ostype"]).toBe("Linux");
  });

  it("knows without root that the engine shares its own namespace, and what it may not read", async () => {
    const script = `
      const { collectSysctl } = await import("./src/collect/sysctl.ts");
      process.setgroups([]);
      process.setgid(65534);
      process.setuid(65534);
      const [engine, container] = process.argv.slice(1).map(Number);
      const { data } = await collectSysctl({ pid: engine, dataRoot: "/", socket: null, containers: [{ id: "a", pid: container }] }, { all: ["net.ipv4.tcp_syncookies"], inContainers: ["net.ipv4.tcp_syncookies"] });
      console.log(JSON.stringify([data.netError, data.host["net.ipv4.tcp_syncookies"], data.host["net.core.bpf_jit_limit"] ?? null, data.namespaces]));`;
    const run = async (engine: number): Promise<unknown> =>
      JSON.parse(await runIn(first.netns, [process.execPath, "--input-type=module", "-e", script, String(engine), String(pids[1])]));
    const closed = [{ namespace: null, containerIds: ["a"], values: {}, error: "EACCES" }];
    expect(await run(pids[0])).toEqual([null, "2", null, closed]);
    expect(await run(pids[1])).toEqual(["EACCES", null, null, closed]);
  });

  it("reads nothing outside /proc/sys and runs nothing, whatever is asked", async () => {
    const hostile = ["net/../../../etc/passwd", "net.ipv4.$(id)", "net/ipv4/tcp_syncookies /etc/passwd", "net/ipv4/`id`", "../etc/passwd", "net.ipv4.tcp_syncookies\n/etc/passwd"];
    const { asked, namespaces } = await collect(subjectOf(null, [{ id: "b", pid: pids[1] }]), hostile);
    expect(asked).toEqual([...FORWARDING, ...CONNTRACK]);
    expect(Object.keys(namespaces[0]?.values ?? {}).filter((key) => !isAlwaysAsked(key))).toEqual([]);
  });

  it("leaves no descriptor open", async () => {
    const count = (): number => readdirSync("/proc/self/fd").length;
    const subject = subjectOf(pids[0], [{ id: "b", pid: pids[1] }]);
    await collect(subject, []);
    const before = count();
    await collect(subject, []);
    expect(count()).toBe(before);
  });
});

function pidOf({ netns }: HeldNamespace): number {
  return Number(/^\/proc\/(\d+)\//.exec(netns)?.[1]);
}

async function write({ netns }: HeldNamespace, path: string, value: string): Promise<void> {
  await runIn(netns, ["sh", "-c", 'echo "$2" >"/proc/sys/$1"', "sh", path, value]);
}
