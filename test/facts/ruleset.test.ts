import { describe, expect, it } from "vitest";
import { readFirewall } from "../../src/facts/firewall.ts";
import type { Ruleset } from "../../src/facts/model/ruleset.ts";
import { deriveRulesets } from "../../src/facts/ruleset.ts";
import type { SaveDump, Snapshot } from "../../src/snapshot/model.ts";
import { containerOf, snapshotOf } from "../support/snapshot.ts";

const DOCKER_RULES = `*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER - [0:0]
:DOCKER-ISOLATION-STAGE-1 - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-ISOLATION-STAGE-1
-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 ! -o docker0 -j ACCEPT
-A DOCKER-USER -j RETURN
COMMIT
`;

function dump(text: string | null, changes: Partial<SaveDump> = {}): SaveDump {
  return { backend: "nft", family: "v4", program: "iptables-nft-save", status: "ok", detail: null, text, ...changes };
}

function derive(dumps: SaveDump[], given: Parameters<typeof snapshotOf>[0] = {}): Ruleset {
  const [v4] = deriveRulesets(snapshotOf({ iptables: { dumps }, ...given })).resources;
  if (v4 === undefined) throw new Error("no rule set was derived");
  return v4;
}

function v6(snapshot: Snapshot): Ruleset | undefined {
  return deriveRulesets(snapshot).resources[1];
}

describe("DOCKER-USER", () => {
  it("is reached and empty as the engine makes it", () => {
    expect(derive([dump(DOCKER_RULES)]).dockerUser).toEqual({ exists: true, reached: true, substitute: false, empty: true, reason: null });
  });

  it("is not reached where nothing jumps to it", () => {
    const text = DOCKER_RULES.replace("-A FORWARD -j DOCKER-USER\n", "");
    expect(derive([dump(text)]).dockerUser).toMatchObject({ exists: true, reached: false, reason: "nothing jumps to DOCKER-USER" });
  });

  it("is not reached in time behind Docker's accepts, and the line says which", () => {
    const text = DOCKER_RULES.replace("-A FORWARD -j DOCKER-USER\n", "").replace("-A DOCKER-USER", "-A FORWARD -j DOCKER-USER\n-A DOCKER-USER");
    expect(derive([dump(text)]).dockerUser).toMatchObject({ reached: false, reason: "Docker accepts (line 9) before DOCKER-USER is reached" });
  });

  it("is missing in an empty rule set", () => {
    expect(derive([dump("")]).dockerUser).toMatchObject({ exists: false, reached: false, reason: "there is no chain DOCKER-USER" });
  });

  it("is looked for in the back end that Docker writes to", () => {
    const old = dump("*filter\n:FORWARD ACCEPT [0:0]\n:DOCKER-USER - [0:0]\nCOMMIT\n", { backend: "legacy", program: "iptables-legacy-save" });
    const ruleset = derive([old, dump(DOCKER_RULES)]);
    expect([ruleset.backend, ruleset.dockerUser.reached]).toEqual(["nft", true]);
  });

  it("is replaced by an own base chain that can drop ahead of the filter table", () => {
    const chain = { family: "inet", table: "own", name: "fwd", hook: "forward", prio: -5, policy: "accept" };
    const rule = { family: "inet", table: "own", chain: "fwd", expr: [{ drop: null }] };
    expect(derive([dump("")], { nftables: { nftables: [{ chain }, { rule }] } }).dockerUser.substitute).toBe(true);
    expect(derive([dump("")], { nftables: { nftables: [{ chain: { ...chain, prio: 5 } }, { rule }] } }).dockerUser.substitute).toBe(false);
    expect(derive([dump("")], { nftables: { nftables: [{ chain }] } }).dockerUser.substitute).toBe(false);
  });

  it("is unknown without permission, and for a dump that is cut off", () => {
    const denied = dump(null, { status: "denied", detail: "iptables-nft-save: must be root" });
    expect(derive([denied]).unknown["/dockerUser"]).toBe("iptables-nft-save: must be root");
    expect(derive([dump(DOCKER_RULES.replace("COMMIT\n", ""))]).unknown["/dockerUser"]).toMatch(/^iptables-nft-save line 13: .*COMMIT/);
    expect(derive([dump("", { status: "absent", text: null })]).unknown["/dockerUser"]).toBe("no iptables back end could be read: its -save programs are not installed");
  });
});

describe("a program that is not installed", () => {
  const NAMES = { nft: { v4: "iptables-nft-save", v6: "ip6tables-nft-save" }, legacy: { v4: "iptables-legacy-save", v6: "ip6tables-legacy-save" } } as const;
  const made = (backend: "nft" | "legacy", family: "v4" | "v6", text: string | null): SaveDump => {
    const program = NAMES[backend][family];
    return text === null ? { backend, family, program, status: "absent", detail: `${program} is not installed`, text } : { backend, family, program, status: "ok", detail: null, text };
  };
  const OF_DOCKER = { nftables: [{ table: { family: "ip", name: "filter" } }, { chain: { family: "ip", table: "filter", name: "DOCKER-USER" } }] };
  const NO_OTHER = "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n";
  const QUESTIONS = ["/dockerUser", "/conflict", "/unsaved", "/savedDrift", "/portMismatches"];
  const unknownOf = (ruleset: Ruleset | undefined): Record<string, string> => Object.fromEntries(Object.entries(ruleset?.unknown ?? {}).filter(([pointer]) => QUESTIONS.includes(pointer)));
  const all = (reason: string): Record<string, string> => Object.fromEntries(QUESTIONS.map((pointer) => [pointer, reason]));

  it("leaves open what nft lists and it alone could print: DOCKER-USER is not called missing", () => {
    const { unknown } = derive([made("nft", "v4", null), made("legacy", "v4", NO_OTHER)], { nftables: OF_DOCKER });
    expect(unknownOf({ unknown } as Ruleset)).toEqual(all("iptables-nft-save is not installed, and nft lists tables of iptables-nft: filter"));
  });

  it("is no loss where nft lists no table of its own", () => {
    const own = { nftables: [{ table: { family: "inet", name: "filter" } }, { table: { family: "ip6", name: "filter" } }, { table: { family: "ip", name: "own" } }] };
    const ruleset = derive([made("nft", "v4", null), made("legacy", "v4", DOCKER_RULES)], { nftables: own });
    expect([ruleset.backend, ruleset.dockerUser.reached, unknownOf(ruleset)]).toEqual(["legacy", true, {}]);
  });

  it("leaves DOCKER-USER open where nobody can say whether Docker's rules are in it", () => {
    const nftables = { status: "absent", detail: "nft is not installed", data: null } as const;
    const dumps = [made("nft", "v4", null), made("legacy", "v4", NO_OTHER)];
    expect(unknownOf(derive(dumps, { nftables }))).toEqual({ "/dockerUser": "iptables-nft-save is not installed, and Docker's rules are in nothing that was read" });
    expect(unknownOf(derive([made("nft", "v4", null), made("legacy", "v4", DOCKER_RULES)], { nftables }))).toEqual({});
  });

  it("leaves open the tables of the legacy back end that the kernel names", () => {
    const dumps = [made("nft", "v4", DOCKER_RULES), made("legacy", "v4", null)];
    const named = { dumps, legacyTables: { v4: ["filter", "nat"], v6: [] } };
    expect(unknownOf(derive([], { iptables: named }))).toEqual(all("iptables-legacy-save is not installed, and the kernel has legacy tables: filter, nat"));
    expect(unknownOf(derive([], { iptables: { dumps, legacyTables: { v4: [], v6: [] } } }))).toEqual({});
  });

  it("is missed by DOCKER-USER alone where the kernel does not say what legacy tables it has", () => {
    const other = [made("nft", "v4", NO_OTHER), made("legacy", "v4", null)];
    const missing = "iptables-legacy-save is not installed, and Docker's rules are in nothing that was read";
    expect(unknownOf(derive(other))).toEqual({ "/dockerUser": missing });
    expect(unknownOf(derive([], { iptables: { dumps: other, legacyTables: { v4: null, v6: null } } }))).toEqual({ "/dockerUser": missing });
    const proved = derive([], { iptables: { dumps: other, legacyTables: { v4: [], v6: [] } } });
    expect([unknownOf(proved), proved.dockerUser.reason]).toEqual([{}, "there is no chain DOCKER-USER"]);
  });

  it("leaves the whole family open where there is none of both back ends, unless the kernel is seen to hold nothing", () => {
    const dumps = [made("nft", "v4", DOCKER_RULES), made("legacy", "v4", ""), made("nft", "v6", null), made("legacy", "v6", null)];
    const unseen = "no iptables back end could be read: its -save programs are not installed";
    expect(unknownOf(v6(snapshotOf({ iptables: { dumps } })))).toEqual(all(unseen));
    const proved = v6(snapshotOf({ iptables: { dumps, legacyTables: { v4: [], v6: [] } } }));
    expect([unknownOf(proved), proved?.dockerUser.reason]).toEqual([{}, "there is no chain DOCKER-USER"]);
  });

  it("makes every question about packets unknown where it leaves rules unread", () => {
    const dumps = [made("nft", "v4", DOCKER_RULES), made("legacy", "v4", null), made("nft", "v6", null), made("legacy", "v6", null)];
    const firewall = readFirewall(snapshotOf({ iptables: { dumps, legacyTables: { v4: ["filter"], v6: [] } } }));
    expect(typeof firewall === "string" ? firewall : firewall.prepared.firewall.gaps).toEqual([
      { family: 4, hook: null, reason: "iptables-legacy-save is not installed, and the kernel has legacy tables: filter" },
    ]);
  });
});

describe("rules that do nothing", () => {
  const hosts = { nftables: { nftables: [] } };
  const told = (ruleset: Ruleset): unknown => [ruleset.deadRules.length, Object.entries(ruleset.unknown).filter(([pointer]) => /^\/(dead|shadowed)Rules/.test(pointer))];

  it("are told as unknown where a dump is cut off: an element that no policy passes", () => {
    expect(told(derive([dump(DOCKER_RULES)], hosts))).toEqual([0, []]);
    const cut = told(derive([dump(DOCKER_RULES), dump("*filter\n:INPUT ACCEPT [0:0]\n", { backend: "legacy", program: "iptables-legacy-save" })], hosts));
    const reason = expect.stringMatching(/^iptables-legacy-save line 2: /) as unknown;
    expect(cut).toEqual([1, [["/deadRules/0", reason], ["/shadowedRules/0", reason]]]);
  });

  it("are looked for as far as the diagrams go: which are redundant may not be told, with the reason", () => {
    const turns = Array.from({ length: 3500 }, (_, n) => `-A INPUT -s 10.${String(n >> 8)}.${String(n & 255)}.1/32 -j DROP\n-A INPUT -p tcp -m tcp --dport ${String(n + 1)} -j ACCEPT\n`).join("");
    const { deadRules, shadowedRules, unknown } = derive([dump(DOCKER_RULES.replace("-A FORWARD -j DOCKER-USER", `${turns}-A FORWARD -j DOCKER-USER`))], hosts);
    expect([deadRules, shadowedRules.length, unknown["/shadowedRules/0"]]).toEqual([[], 1, expect.stringContaining("which of its rules are redundant is not told")]);
  });
});

it("does not trust a dump beside native rules that iptables-save misprints", () => {
  const match = { op: "==", left: { payload: { protocol: "ip", field: "saddr" } }, right: { set: ["192.0.2.1", "192.0.2.2"] } };
  const rule = { family: "ip", table: "filter", chain: "FORWARD", expr: [{ match }, { drop: null }] };
  expect(derive([dump(DOCKER_RULES)], { nftables: { nftables: [{ rule }] } }).unknown["/dockerUser"]).toContain("written with nft");
  const plain = { ...rule, expr: [{ match: { ...match, right: "192.0.2.1" } }, { drop: null }] };
  expect(derive([dump(DOCKER_RULES)], { nftables: { nftables: [{ rule: plain }] } }).unknown["/dockerUser"]).toBeUndefined();
});

describe("container traffic", () => {
  it("is IPv6 only with an IPv6 network", () => {
    expect(v6(snapshotOf())?.containerTraffic).toBe(false);
    expect(v6(snapshotOf({ networks: [{ Name: "six", EnableIPv6: true }] }))?.containerTraffic).toBe(true);
    expect(v6(snapshotOf({ networks: { status: "failed", detail: "HTTP 500", data: null } }))?.unknown["/containerTraffic"]).toBe("HTTP 500");
  });

  it("counts a port that is published beyond loopback", () => {
    const web = containerOf("web", { HostConfig: { PortBindings: { "80/tcp": [{ HostIp: "10.0.0.1", HostPort: "80" }] } } });
    const local = containerOf("web", { HostConfig: { PortBindings: { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "80" }] } } });
    expect(derive([], { containers: [web] }).publishesBeyondLoopback).toBe(true);
    expect(derive([], { containers: [local] }).publishesBeyondLoopback).toBe(false);
  });
});

describe("unsaved rules", () => {
  const own = DOCKER_RULES.replace("COMMIT", "-A INPUT -p tcp -m tcp --dport 23 -j DROP\nCOMMIT");

  it("are the administrator's alone", () => {
    expect(derive([dump(own)]).unsaved).toEqual(["filter -A INPUT -p tcp -m tcp --dport 23 -j DROP"]);
    expect(derive([dump(DOCKER_RULES)]).unsaved).toEqual([]);
  });

  it("are none where a file of this family has them", () => {
    const text = "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 23 -j DROP\nCOMMIT\n";
    expect(derive([dump(own)], { "saved-rules": [{ path: "/etc/iptables/rules.v4", text, error: null }] }).unsaved).toEqual([]);
    expect(derive([dump(own)], { "saved-rules": [{ path: "/etc/iptables/rules.v6", text, error: null }] }).unsaved).toHaveLength(1);
  });

  it("are unknown where a saved file cannot be read", () => {
    const source = { status: "denied" as const, detail: "/etc/iptables/rules.v4 cannot be read: EACCES", data: [] };
    expect(derive([dump(own)], { "saved-rules": source }).unknown["/unsaved"]).toContain("EACCES");
  });
});

it("tells why there is nothing to judge when the engine is elsewhere", () => {
  const iptables = { status: "absent" as const, detail: "the engine is not on this host", data: null };
  expect(deriveRulesets(snapshotOf({ iptables }))).toEqual({ resources: [], source: { status: "absent", detail: "the engine is not on this host" } });
});

describe("two packet filters", () => {
  const legacy = (text: string): SaveDump => dump(text, { backend: "legacy", program: "iptables-legacy-save" });
  const ONE = "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 25 -j DROP\nCOMMIT\n";

  it("conflict where both back ends of iptables hold rules, and not where one is empty", () => {
    expect(derive([legacy(ONE), dump(DOCKER_RULES)]).conflict).toBe("both iptables-legacy-save and iptables-nft-save print rules: each packet meets both sets, and each tool shows one");
    expect(derive([legacy("*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n"), dump(DOCKER_RULES)])).toMatchObject({ conflict: null });
  });

  it("are not told of where one could not be read", () => {
    const ruleset = derive([legacy(ONE), dump(null, { status: "denied", detail: "needs root" })]);
    expect([ruleset.conflict, ruleset.unknown["/conflict"]]).toEqual([null, "needs root"]);
  });

  it("are DOCKER-USER with rules and an engine that does not use it", () => {
    const engine = { endpoint: "unix:///run/docker.sock", local: true, localReason: "", pid: 1, version: {}, info: { FirewallBackend: { Driver: "nftables" } } };
    const withRule = DOCKER_RULES.replace("-A DOCKER-USER -j RETURN", "-A DOCKER-USER -p tcp -m tcp --dport 80 -j DROP");
    expect(derive([dump(withRule)], { engine }).conflict).toContain("which this engine, filtering with nftables, does not send packets to");
    expect(derive([dump(DOCKER_RULES)], { engine }).conflict).toBeNull();
  });
});

describe("a bridge that keeps its containers apart", () => {
  const NETWORK = { Name: "apart", Id: "0123456789abcdef", Driver: "bridge", Options: { "com.docker.network.bridge.enable_icc": "false" } };
  const links = (own: number): unknown[] => [{ ifname: "br-0123456789ab", linkinfo: { info_kind: "bridge", info_data: { nf_call_iptables: own } } }];
  const unfiltered = (host: Record<string, string>, own = 0, network: object = NETWORK): unknown =>
    derive([dump(DOCKER_RULES)], {
      networks: [network as Record<string, unknown>], sysctl: { host, netError: null, namespaces: [], asked: [] },
      addresses: { links: links(own) as Record<string, unknown>[], addresses: [], routes4: [], routes6: [], rules4: null, rules6: null },
    }).unfilteredBridges;

  it("does so only where bridges call iptables, all of them or itself", () => {
    const found = [{ key: "apart", network: "apart", bridge: "br-0123456789ab", setting: "net.bridge.bridge-nf-call-iptables is 0" }];
    expect(unfiltered({ "net.bridge.bridge-nf-call-iptables": "0" })).toEqual(found);
    expect(unfiltered({})).toEqual([{ ...found[0], setting: "net.bridge.bridge-nf-call-iptables is not there: br_netfilter is not loaded" }]);
    expect(unfiltered({ "net.bridge.bridge-nf-call-iptables": "1" })).toEqual([]);
    expect(unfiltered({ "net.bridge.bridge-nf-call-iptables": "0" }, 1)).toEqual([]);
    expect(unfiltered({}, 0, { ...NETWORK, Options: {} })).toEqual([]);
  });
});
