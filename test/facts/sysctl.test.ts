import { describe, expect, it } from "vitest";
import type { Sysctl } from "../../src/facts/model/sysctl.ts";
import { hasDefault } from "../../src/facts/sysctl/improved.ts";
import { deriveSysctls } from "../../src/facts/sysctl.ts";
import { builtinPolicies } from "../../src/policy/builtin.ts";
import type { BootData, NamespaceSysctls, SysctlData } from "../../src/snapshot/model.ts";
import { containerOf, snapshotOf } from "../support/snapshot.ts";

const BUCKETS = "net.netfilter.nf_conntrack_buckets";
const MAX = "net.netfilter.nf_conntrack_max";

function sysctlData(changes: Partial<SysctlData> = {}): SysctlData {
  return { host: {}, netError: null, namespaces: [], asked: [], ...changes };
}

function bootData(text: string, changes: Partial<BootData> = {}): BootData {
  const sysctlFiles = [{ path: "/etc/sysctl.d/50-site.conf", text, error: null }];
  return { loader: "systemd", commandLine: [], sysctlFiles, moduleFiles: [], loadedModules: [], builtinModules: [], ...changes };
}

function derive(sysctl: Partial<SysctlData>, more: Parameters<typeof snapshotOf>[0] = {}): readonly Sysctl[] {
  return deriveSysctls(snapshotOf({ sysctl: sysctlData(sysctl), ...more })).resources;
}

function one(id: string, resources: readonly Sysctl[]): Sysctl {
  const found = resources.find((resource) => resource.id === id);
  if (found === undefined) throw new Error(`there is no ${id}`);
  return found;
}

describe("the host's", () => {
  it("shows what runs and what the boot files set, with both places", () => {
    const boot = bootData("# site\nnet.ipv4.tcp_syncookies = 0\n");
    expect(derive({ host: { "net.ipv4.tcp_syncookies": "1" } }, { boot })).toEqual([{
      kind: "sysctl", id: "host:net.ipv4.tcp_syncookies", name: "net.ipv4.tcp_syncookies", scope: "host",
      exists: true, value: "1", number: 1, entriesPerBucket: null,
      boot: "0", bootNumber: 0, bootObstacle: null, bootEntriesPerBucket: null,
      lowest: null, highest: null, lowestOn: [], highestOn: [], words: "1 (0 at boot)", suggestion: null, drift: true, strange: false, improved: false, remapped: false,
      origins: {
        "": { source: "sysctl", key: "net.ipv4.tcp_syncookies" },
        "/boot": { file: "/etc/sysctl.d/50-site.conf", line: 2, column: 1, endLine: 2, endColumn: 28 },
        "/bootNumber": { file: "/etc/sysctl.d/50-site.conf", line: 2, column: 1, endLine: 2, endColumn: 28 },
        "/bootEntriesPerBucket": { file: "/etc/sysctl.d/50-site.conf", line: 2, column: 1, endLine: 2, endColumn: 28 },
        "/bootObstacle": { source: "boot", key: "moduleFiles" },
      },
      unknown: {},
    }]);
  });

  it("has every key that was read, is set at boot or was asked for, sorted", () => {
    const asked = ["kernel.kptr_restrict", "net.ipv4.conf.*.rp_filter", "net.ipv4.tcp_syncookies"];
    const keys = derive({ host: { "vm.swappiness": "60" }, asked }, { boot: bootData("kernel.no_such_key=1\nnet.ipv4.conf.e*.tag=1") }).map(({ id }) => id);
    expect(keys).toEqual(["host:kernel.kptr_restrict", "host:kernel.no_such_key", "host:net.ipv4.tcp_syncookies", "host:vm.swappiness"]);
  });

  it("takes a key that was not found for one that does not exist", () => {
    const { exists, value, unknown } = one(`host:${MAX}`, derive({ asked: [MAX] }));
    expect({ exists, value, unknown }).toEqual({ exists: false, value: null, unknown: {} });
  });

  it("does not know keys of folders and interfaces that are not read", () => {
    const resources = derive({ asked: ["net.ipv4.conf.*.rp_filter"] }, { boot: bootData("abi.x=1\nnet.ipv4.conf.eth0.tag=1\nnet.ipv4.conf.eth0.rp_filter=1") });
    expect(one("host:abi.x", resources).unknown).toHaveProperty(["/exists"], "/proc/sys/abi is not read");
    expect(one("host:net.ipv4.conf.eth0.tag", resources).unknown).toHaveProperty(["/value"], "of single interfaces only what is asked for is read");
    expect(one("host:net.ipv4.conf.eth0.rp_filter", resources).unknown).toEqual({});
  });

  it("does not know net.* where the engine's namespace could not be read", () => {
    const resources = derive({ asked: ["net.ipv4.tcp_syncookies", "kernel.panic"], netError: "EACCES" });
    expect(one("host:net.ipv4.tcp_syncookies", resources).unknown["/number"]).toContain("EACCES");
    expect(one("host:kernel.panic", resources).unknown).toEqual({});
  });

  it("knows that a key exists that could not be read", () => {
    const { exists, unknown } = one("host:net.core.bpf_jit_limit", derive({ host: { "net.core.bpf_jit_limit": null } }));
    expect({ exists, unknown: Object.keys(unknown) }).toEqual({ exists: true, unknown: ["/value", "/number"] });
  });

  it("has no number for a list, and does not know one for nonsense at boot", () => {
    const resources = derive({ host: { "net.ipv4.tcp_rmem": "4096\t131072\t6291456", [MAX]: "262144" } }, { boot: bootData(`${MAX} = 262144 # enough`) });
    expect(one("host:net.ipv4.tcp_rmem", resources)).toMatchObject({ number: null, unknown: {} });
    expect(one(`host:${MAX}`, resources).unknown["/bootNumber"]).toBe('it is set to "262144 # enough" at boot, which is not one number');
  });

  it("does not know the boot's value where the files could not be read", () => {
    const boot = { status: "failed", detail: "not done within 40 s", data: null } as const;
    expect(one("host:vm.swappiness", derive({ host: { "vm.swappiness": "60" } }, { boot })).unknown).toEqual({
      "/boot": "not done within 40 s", "/bootNumber": "not done within 40 s", "/bootObstacle": "not done within 40 s", "/bootEntriesPerBucket": "not done within 40 s",
      "/drift": "not done within 40 s", "/strange": "not done within 40 s",
    });
  });

  it("says why a value of a module's key will be lost", () => {
    expect(one(`host:${MAX}`, derive({}, { boot: bootData(`${MAX}=1`) })).bootObstacle).toContain("nf_conntrack");
  });
});

describe("entries in a bucket", () => {
  it("are those of a full table", () => {
    const boot = bootData(`${BUCKETS}=65536\n${MAX}=1048576`);
    expect(one(`host:${BUCKETS}`, derive({ host: { [BUCKETS]: "65536", [MAX]: "262144" } }, { boot }))).toMatchObject({ entriesPerBucket: 4, bootEntriesPerBucket: 16 });
  });

  it("are not told of what the boot files set alone", () => {
    const { entriesPerBucket, bootEntriesPerBucket, unknown } = one(`host:${BUCKETS}`, derive({ host: { [BUCKETS]: "65536" } }, { boot: bootData(`${BUCKETS}=1`) }));
    expect({ entriesPerBucket, bootEntriesPerBucket, unknown }).toEqual({ entriesPerBucket: null, bootEntriesPerBucket: null, unknown: {} });
  });

  it("are not known where the limit could not be read", () => {
    expect(one(`host:${BUCKETS}`, derive({ host: { [BUCKETS]: "65536", [MAX]: null } })).unknown).toHaveProperty(["/entriesPerBucket"]);
  });
});

describe("a container's", () => {
  const web = containerOf("web");
  const namespace = { namespace: "net:[7]", containerIds: [web.id], values: { "net.ipv4.tcp_syncookies": "0", "net.ipv4.conf.eth0.proxy_arp": "1", [MAX]: "9" }, error: null };
  const asked = ["kernel.panic", MAX, "net.ipv4.conf.*.proxy_arp", "net.ipv4.tcp_syncookies", "net.no_such_key"];
  const ofWeb = (changes: Partial<NamespaceSysctls>): Sysctl[] =>
    derive({ asked, namespaces: [{ ...namespace, ...changes }] }, { containers: [web], boot: bootData("net.ipv4.tcp_syncookies=0") })
      .filter(({ scope }) => scope === "container");

  it("shows the running value of what was asked for and is its own, and nothing of the boot", () => {
    expect(ofWeb({}).map(({ id, exists, value, boot }) => [id, exists, value, boot])).toEqual([
      ["web:net.ipv4.conf.eth0.proxy_arp", true, "1", null],
      ["web:net.ipv4.tcp_syncookies", true, "0", null],
      ["web:net.no_such_key", false, null, null],
    ]);
  });

  it("is unknown, globs too, where the namespace could not be entered", () => {
    const resources = ofWeb({ values: {}, error: "nsenter: Operation not permitted" });
    expect(resources.map(({ name }) => name)).toEqual(["net.ipv4.conf.*.proxy_arp", "net.ipv4.tcp_syncookies", "net.no_such_key"]);
    for (const { unknown } of resources) expect(unknown["/number"]).toContain("Operation not permitted");
  });
});

it("is nothing, for the source's reason, where sysctls were not read", () => {
  expect(deriveSysctls(snapshotOf({ sysctl: { status: "absent", detail: "the engine is not on this host", data: null } }))).toEqual({
    resources: [], source: { status: "absent", detail: "the engine is not on this host" },
  });
});

describe("between boot files and kernel", () => {
  const host = { "kernel.kptr_restrict": "2", "kernel.printk": "4\t4\t1\t7", "net.ipv4.tcp_synack_retries": "7", "net.netfilter.nf_conntrack_max": "262144" };
  const list = (name: "drift" | "strange" | "improved", text: string, values: Record<string, string | null>, changes: Partial<BootData> = {}): string[] =>
    derive({ host: values }, { boot: bootData(text, changes) }).flatMap((sysctl) => (sysctl[name] ? [sysctl.name] : sysctl.unknown[`/${name}`] === undefined ? [] : [`${sysctl.name}?`]));

  it("drifts what runs with another value, numbers by value and blanks as one", () => {
    expect(list("drift", "kernel.kptr_restrict = 0x1\nkernel.printk = 4 4 1  7\nnet.ipv4.tcp_synack_retries=0x7\n", host)).toEqual(["kernel.kptr_restrict"]);
    expect(list("drift", "kernel.kptr_restrict = 1", { "kernel.kptr_restrict": null })).toEqual(["kernel.kptr_restrict?"]);
  });

  it("is strange what a file sets and the kernel has not, unless it says that it may be missing", () => {
    const text = "kernel.kptr_restrictt=1\n-kernel.nothing=1\nnet.nf_conntrack_buckets=1\nkernel.printk=1\n";
    expect(list("strange", text, host, { loadedModules: ["nf_conntrack"] })).toEqual(["kernel.kptr_restrictt", "net.nf_conntrack_buckets"]);
  });

  it("is not told of a module that is not loaded, and not known of a folder that is not there", () => {
    const text = "net.netfilter.nf_conntrack_buckets=1\nnet.netfilter.nf_conntrack_new=1\nvm.swappiness=1\nkernel.yama.ptrace_scope=1\nnet.nf_conntrack_buckets=1\n";
    expect(list("strange", text, host)).toEqual(["kernel.yama.ptrace_scope?", "net.netfilter.nf_conntrack_new?", "net.nf_conntrack_buckets", "vm.swappiness?"]);
    expect(list("strange", text, host, { loadedModules: ["nf_conntrack"] })).toContain("net.netfilter.nf_conntrack_new");
  });

  it("is told of every key that sysctl-not-persistent judges", () => {
    const names = builtinPolicies(["sysctl"]).find(({ id }) => id === "sysctl-not-persistent")?.names ?? [];
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !hasDefault(name))).toEqual([]);
  });

  it("is improved what is safer than any kernel's default", () => {
    expect(list("improved", "", host)).toEqual(["kernel.kptr_restrict"]);
    expect(list("improved", "", { "net.netfilter.nf_conntrack_max": "1048576", "net.ipv4.tcp_synack_retries": "3", "net.ipv4.conf.all.send_redirects": "0", "kernel.kptr_restrict": "0" }))
      .toEqual(["net.ipv4.conf.all.send_redirects", "net.ipv4.tcp_synack_retries", "net.netfilter.nf_conntrack_max"]);
    expect(list("improved", "", { "kernel.kptr_restrict": null })).toEqual(["kernel.kptr_restrict?"]);
  });
});
