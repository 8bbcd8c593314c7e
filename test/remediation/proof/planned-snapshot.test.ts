/** The snapshot after the plan: what the plan changes, and nothing else. */
import { describe, expect, it } from "vitest";
import { readFirewall } from "../../../src/facts/firewall.ts";
import { renderIptablesRules, JUMPS } from "../../../src/remediation/firewall/iptables-rules.ts";
import { renderNftTables } from "../../../src/remediation/firewall/nft-tables.ts";
import { DEFAULT_LIMITS } from "../../../src/remediation/firewall/limits.ts";
import type { DaemonStep, IptablesStep, NftStep, SysctlStep } from "../../../src/remediation/model.ts";
import { planSnapshot } from "../../../src/remediation/proof/planned-snapshot.ts";
import type { Snapshot } from "../../../src/snapshot/model.ts";
import { DAEMON } from "../facts.ts";
import { snapshotOf } from "../../support/snapshot.ts";
import { hostOf } from "./host.ts";

const common = { title: "t", findings: [], notes: [], undo: "u", restart: null };
const BRIDGES = [{ name: "docker0", prefix: false }];
const iptables = (jumps = JUMPS): IptablesStep => ({
  ...common, kind: "iptables", id: "firewall-v4", family: "v4", backend: "nft", program: "iptables-nft", limits: DEFAULT_LIMITS, before: null, after: renderIptablesRules("v4", BRIDGES, DEFAULT_LIMITS, jumps),
});
const nft: NftStep = { ...common, kind: "nft", id: "firewall-nft-v6", families: ["v6"], limits: DEFAULT_LIMITS, before: [], after: renderNftTables(["v6"], BRIDGES, DEFAULT_LIMITS) };
const DOCKER = ["*filter", ":INPUT ACCEPT [1:2]", ":FORWARD DROP [0:0]", ":OUTPUT ACCEPT [0:0]", ":DOCKER-USER - [0:0]", "-A FORWARD -j DOCKER-USER", "COMMIT", ""].join("\n");

/** Names of the chains of a family with their rules. */
function chainsOf(snapshot: Snapshot): Record<string, number> {
  const firewall = readFirewall(snapshot);
  if (typeof firewall === "string") throw new Error(firewall);
  return Object.fromEntries(firewall.prepared.firewall.tables.flatMap(({ family, name, chains }) => [...chains.values()].map((chain) => [`${family} ${name} ${chain.name}`, chain.rules.length])));
}

describe("planSnapshot", () => {
  it("loads the rules of iptables, once", () => {
    const after = planSnapshot(hostOf({ v4: DOCKER }), [iptables()]);
    const own = { "ip filter HARDEN-BUSY": 2, "ip filter HARDEN-DROP": 2, "ip filter HARDEN-FWD": 2, "ip filter HARDEN-IN": 3, "ip filter HARDEN-TCP": 8 };
    const all = { "ip filter INPUT": 1, "ip filter FORWARD": 1, "ip filter OUTPUT": 0, "ip filter DOCKER-USER": 1, ...own };
    expect(chainsOf(after)).toEqual(all);
    expect(chainsOf(planSnapshot(after, [iptables([])]))).toEqual(all);
    expect(after.sources.iptables.data?.dumps[0]?.text).toContain(":INPUT ACCEPT [1:2]\n");
  });

  it("keeps what nft lists of the same table in step, so that neither is doubted", () => {
    const host = hostOf({ v4: DOCKER });
    const chain = (name: string, rest: object = {}): object => ({ chain: { family: "ip", table: "filter", name, handle: 1, ...rest } });
    const base = (name: string, hook: string): object => chain(name, { type: "filter", hook, prio: 0, policy: "accept" });
    const listed = {
      nftables: [
        { table: { family: "ip", name: "filter", handle: 1 } }, base("INPUT", "input"), base("FORWARD", "forward"), base("OUTPUT", "output"), chain("DOCKER-USER"),
        { rule: { family: "ip", table: "filter", chain: "FORWARD", handle: 2, expr: [{ counter: { packets: 0, bytes: 0 } }, { jump: { target: "DOCKER-USER" } }] } },
      ],
    };
    const before: Snapshot = { ...host, sources: { ...host.sources, nftables: { status: "ok", detail: null, data: listed } } };
    for (const after of [planSnapshot(before, [iptables()]), planSnapshot(planSnapshot(before, [iptables()]), [iptables([])])]) {
      const firewall = readFirewall(after);
      expect(typeof firewall === "string" ? firewall : firewall.prepared.firewall.gaps).toEqual([]);
      expect(chainsOf(after)).toEqual(chainsOf(planSnapshot(host, [iptables()])));
    }
  });

  it("replaces the own nft tables and leaves others", () => {
    const other = { table: { family: "ip6", name: "other", handle: 9 } };
    const before = snapshotOf({ nftables: { nftables: [{ metainfo: {} }, other, { table: { family: "ip6", name: "harden", handle: 3 } }, { chain: { family: "ip6", table: "harden", name: "old", handle: 1 } }] } });
    const after = planSnapshot(before, [nft]);
    expect(Object.keys(chainsOf(after))).toEqual(["input", "forward", "tcp_limits", "discard", "busy"].map((name) => `ip6 harden ${name}`));
    expect(after.sources.nftables.data?.["nftables"]).toContainEqual(other);
  });

  it("sets running values and files of the boot; what is not there yet comes with its module", () => {
    const change = (key: string, before: string | null, after: string) => ({ key, before, after, boot: null, policies: [], revertible: true });
    const step: SysctlStep = {
      ...common, kind: "sysctl", id: "sysctl", changes: [change("a", "0", "1"), change("b", null, "2"), change("c", null, "3")],
      file: { path: "/etc/sysctl.d/zz-harden.conf", before: null, after: "a = 1\n" }, modules: { path: "/etc/modules-load.d/harden.conf", before: null, after: "m\n" },
    };
    const file = (path: string) => ({ path, text: "", error: null });
    const boot = { loader: "procps" as const, commandLine: [], sysctlFiles: [file("/usr/lib/sysctl.d/50.conf"), file("/etc/sysctl.conf")], moduleFiles: [], loadedModules: [], builtinModules: [] };
    const { sysctl, boot: booted } = planSnapshot(snapshotOf({ boot, sysctl: { host: { a: "0", c: null }, netError: null, namespaces: [], asked: [] } }), [step]).sources;
    expect(sysctl.data?.host).toEqual({ a: "1", c: "3" });
    expect(booted.data?.sysctlFiles.map(({ path, text }) => [path, text])).toEqual([["/usr/lib/sysctl.d/50.conf", ""], ["/etc/sysctl.d/zz-harden.conf", "a = 1\n"], ["/etc/sysctl.conf", ""]]);
    expect(booted.data?.moduleFiles).toEqual([{ path: "/etc/modules-load.d/harden.conf", text: "m\n", error: null }]);
  });

  it("reads the daemon's configuration as after the restart", () => {
    const change = (key: string, after: string): DaemonStep["changes"][number] => ({ key, before: null, after, reload: false });
    const step: DaemonStep = {
      ...common, kind: "daemon", id: "daemon", consent: null, undoing: null, engine: { pid: null, unit: null, endpoint: null },
      changes: [change("icc", "false"), change("live-restore", "true"), change("no-new-privileges", "true")],
      file: { path: DAEMON.configFile.path, before: null, after: "{}" },
    };
    const before = snapshotOf({
      daemon: { ...DAEMON, startedAt: 7 },
      networks: [{ Name: "bridge", Options: { "com.docker.network.bridge.default_bridge": "true", "com.docker.network.bridge.enable_icc": "true" } }],
      engine: { endpoint: "", local: true, localReason: "", pid: 1, info: { LiveRestoreEnabled: false, Debug: true, SecurityOptions: ["name=seccomp,profile=builtin"] }, version: {} },
    });
    const { daemon, engine, networks } = planSnapshot(before, [step]).sources;
    expect(daemon.data?.configFile).toMatchObject({ text: "{}", error: null, modifiedAt: 7 });
    expect(engine.data?.info).toEqual({ Debug: true, SecurityOptions: ["name=seccomp,profile=builtin", "name=no-new-privileges"] });
    expect(networks.data?.[0]?.["Options"]).toMatchObject({ "com.docker.network.bridge.enable_icc": "false" });
  });
});
