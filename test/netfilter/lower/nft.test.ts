/** nft's rules in the one model: what becomes of packets by rule sets of real programs, and what single statements come to. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Firewall } from "../../../src/netfilter/firewall/model.ts";
import { lowerNft } from "../../../src/netfilter/lower/nft/lower-nft.ts";
import { parseNft } from "../../../src/netfilter/nft/parse.ts";
import { fateOf, hopsOf, walkIn } from "../walk/world.ts";

function recorded(name: string): Firewall {
  return lowerNft(parseNft(readFileSync(new URL(`../../fixtures/rulesets/recorded-nft/${name}.json`, import.meta.url), "utf8")), "nft");
}

/** A table inet t with a chain input (policy drop) of these statements, one rule each. */
function inputOf(...rules: readonly (readonly object[])[]): Firewall {
  const objects = [
    { table: { family: "inet", name: "t" } },
    { chain: { family: "inet", table: "t", name: "input", type: "filter", hook: "input", prio: 0, policy: "drop" } },
    ...rules.map((expr) => ({ rule: { family: "inet", table: "t", chain: "input", expr } })),
  ];
  return lowerNft(parseNft(JSON.stringify({ nftables: objects })), "nft");
}

const accept = { accept: null };
const dport = { payload: { protocol: "tcp", field: "dport" } };
const toPort22 = "eth0 198.51.100.9:40000 > 192.0.2.1:22 SYN";
const match = (left: object, right: unknown, op = "=="): object => ({ match: { op, left, right } });

describe("engine 29 with its nftables back end", () => {
  const docker = recorded("docker-29");

  it("a published port is translated and accepted, rule by rule", () => {
    const walk = walkIn(docker, "eth0 198.51.100.9:40000 > 192.0.2.1:8080 SYN");
    expect(fateOf(walk)).toBe("accept forward 172.17.0.2:80 docker0");
    expect(hopsOf(walk)).toEqual([
      "docker-bridges raw-PREROUTING policy accept",
      "docker-bridges nat-PREROUTING 1 jump nat-prerouting-and-output",
      "docker-bridges nat-prerouting-and-output 1 dnat to 172.17.0.2:80",
      "routing: out by docker0",
      "docker-bridges filter-FORWARD 1 jump filter-forward-in__docker0",
      "docker-bridges filter-forward-in__docker0 3 accept",
      "docker-bridges nat-POSTROUTING 2 jump nat-postrouting-in__docker0",
      "docker-bridges nat-POSTROUTING policy accept",
    ]);
    expect(walk.hops[2]?.source).toMatchObject({ backend: "native", index: 1, line: null, handle: expect.any(Number) as number, text: 'iifname != "docker0" tcp dport 8080 counter dnat to 172.17.0.2:80 comment "DNAT"' });
  });

  it.each([
    ["eth0 198.51.100.9:40000 > 172.17.0.2:80 SYN", "drop"],
    ["eth0 198.51.100.9:40000 > 172.17.0.3:80 SYN", "drop"],
    ["eth0 198.51.100.9:40000 > 127.0.0.1:8081 SYN", "drop"],
    ["eth0 198.51.100.9:40000 > 192.0.2.1:5353", "accept forward 172.17.0.5:53 docker0"],
    ["eth0 198.51.100.9:40000 > 192.0.2.1:5353 SYN", "accept host 192.0.2.1:5353"],
    ["docker0 172.17.0.2:40000 > 198.51.100.9:443 SYN", "accept forward 198.51.100.9:443 eth0"],
  ])("%s: %s", (packet, fate) => {
    expect(fateOf(walkIn(docker, packet))).toBe(fate);
  });

  it("an own table comes before, its limit is told with its rule; a policy that iptables left behind drops", () => {
    const walk = walkIn(recorded("docker-29-rules"), "eth0 198.51.100.9:40000 > 192.0.2.1:8080 SYN");
    expect([walk.verdict, hopsOf(walk).at(-1)]).toEqual(["drop", "filter FORWARD policy drop"]);
    expect(walk.limits.map(({ rule, test }) => [rule.source.table, test.is, test.limit.amount, test.limit.keys])).toEqual([["own", "beyond", 10, []]]);
    expect(hopsOf(walkIn(recorded("docker-29-rules"), "eth0 203.0.113.9:40000 > 192.0.2.1:8080 SYN")).at(-1)).toBe("own forward 1 drop");
  });
});

describe("other programs", () => {
  it("kube-proxy: a verdict map of three fields, and an endpoint at random", () => {
    const kube = recorded("kube-proxy");
    expect(fateOf(walkIn(kube, "docker0 172.17.0.2:40000 > 10.96.0.1:443 SYN"))).toBe("accept forward 192.0.2.10:6443 eth0");
    const dns = walkIn(kube, "docker0 172.17.0.2:40000 > 10.96.0.10:53");
    expect([dns.verdict, dns.to, dns.questions.map(({ cause }) => cause)]).toEqual(["accept", null, []]);
    expect(fateOf(walkIn(kube, "docker0 172.17.0.2:40000 > 10.96.0.99:80 SYN"))).toBe("reject");
    expect(fateOf(walkIn(kube, "docker0 172.17.0.2:40000 > 10.96.5.5:80 SYN"))).toBe("drop");
    expect(fateOf(walkIn(kube, "eth0 203.0.113.9:40000 > 198.51.100.7:80 SYN"))).toBe("accept forward 10.244.1.9:8080 eth0");
    expect(fateOf(walkIn(kube, "eth0 203.0.114.9:40000 > 198.51.100.7:80 SYN"))).toBe("drop");
  });

  it.each([
    ["eth0 198.51.100.9:40000 > 192.0.2.1:22 SYN", "accept host 192.0.2.1:22"],
    ["eth0 192.0.2.7:40000 > 192.0.2.1:22 SYN", "drop"],
    ["eth0 10.1.2.3:40000 > 192.0.2.1:80 SYN", "reject"],
    ["eth0 198.51.100.9:40000 > 192.0.2.1:80 SYN", "accept host 192.0.2.1:80"],
    ["eth0 198.51.100.9:40000 > 192.0.2.1:81 SYN", "reject"],
    ["eth0 198.51.100.9:40000 > 192.0.2.1:8081 SYN", "accept forward 10.0.0.5:80 eth0"],
    ["docker0 172.17.0.2:40000 > 198.51.100.9:443 SYN", "accept forward 198.51.100.9:443 eth0"],
  ])("firewalld: %s: %s", (packet, fate) => {
    expect(fateOf(walkIn(recorded("firewalld"), packet))).toBe(fate);
  });

  it("harden's own table: limits are kept by source", () => {
    const walk = walkIn(recorded("harden"), toPort22);
    expect(walk.verdict).toBe("depends");
    const limits = walk.limits.map(({ test: { is, limit } }) => [is, limit.measure, limit.amount, limit.burst, limit.keys, limit.sourcePrefix].join(" "));
    expect([...new Set(limits)]).toEqual(["beyond rate 10 20 source 32", "beyond connections 50  source 32", "within rate 5 5  "]);
    expect(walkIn(recorded("harden"), toPort22, { scenario: "within" }).verdict).toBe("accept");
    expect(walkIn(recorded("harden"), toPort22, { scenario: "beyond" }).verdict).toBe("drop");
    expect(walkIn(recorded("harden"), "eth0 198.51.100.9:40000 > 192.0.2.1:22 NULL").verdict).not.toBe("accept");
  });
});

describe("what is not modelled", () => {
  it("makes the fate unknown and is named", () => {
    const walk = walkIn(inputOf([match({ socket: { key: "transparent" } }, 1), accept]), toPort22);
    expect([walk.verdict, walk.questions.map(({ cause, text }) => [cause, text])]).toEqual(["unknown", [["opaque", '{"socket":{"key":"transparent"}} 1']]]);
    expect(walkIn(inputOf([{ frobnicate: {} }, accept]), toPort22).verdict).toBe("unknown");
    expect(walkIn(inputOf([match(dport, "@gone"), accept]), toPort22).verdict).toBe("unknown");
    expect(walkIn(inputOf([{ jump: { target: "gone" } }]), toPort22).verdict).toBe("unknown");
  });

  it("a port of any transport is unknown where nft may have left a protocol out before it", () => {
    const port = { payload: { protocol: "th", field: "dport" } };
    const l4proto = { meta: { key: "l4proto" } };
    const alone = inputOf([match(port, 22), accept]);
    expect(["22 SYN", "23 SYN", "22"].map((to) => walkIn(alone, `eth0 198.51.100.9:40000 > 192.0.2.1:${to}`).verdict)).toEqual(["unknown", "drop", "unknown"]);
    expect(walkIn(inputOf([{ vmap: { key: port, data: { set: [[22, accept]] } } }]), toPort22).verdict).toBe("unknown");
    expect(walkIn(inputOf([match(l4proto, { set: ["tcp", "udp"] }), match(port, 22), accept]), toPort22).verdict).toBe("accept");
    expect(walkIn(inputOf([match({ concat: [l4proto, port] }, { set: [{ concat: ["tcp", 22] }] }), accept]), toPort22).verdict).toBe("accept");
  });

  it("what comes by lo is not looked up in routes", () => {
    const missing = inputOf([match({ fib: { result: "oif", flags: ["saddr", "iif"] } }, false), { drop: null }], [accept]);
    expect(["- 192.0.2.1:40000 > 192.0.2.1:22 SYN", "eth1 198.51.100.9:40000 > 192.0.2.1:22 SYN", toPort22].map((packet) => walkIn(missing, packet).verdict)).toEqual(["accept", "drop", "accept"]);
  });

  it("an xt object has no parameters", () => {
    expect(walkIn(inputOf([{ xt: { type: "match", name: "conntrack" } }, accept]), toPort22).verdict).toBe("unknown");
  });

  it("fields that no test reads are changed without consequence, others not", () => {
    expect(walkIn(inputOf([{ mangle: { key: { payload: { protocol: "ip", field: "dscp" } }, value: "cs0" } }, accept]), toPort22).verdict).toBe("accept");
    expect(walkIn(inputOf([{ mangle: { key: dport, value: 80 } }, accept]), toPort22).verdict).toBe("unknown");
  });
});

describe("sets and maps", () => {
  it("`*` stands for what no other element has", () => {
    const map = (...entries: readonly (readonly [unknown, object])[]): object => ({ vmap: { key: dport, data: { set: entries } } });
    expect(walkIn(inputOf([map([80, { drop: null }], ["*", accept])]), toPort22).verdict).toBe("accept");
    expect(walkIn(inputOf([map(["*", accept], [22, { drop: null }])]), toPort22).verdict).toBe("drop");
    expect(walkIn(inputOf([map(["*", accept])]), "eth0 198.51.100.9:40000 > 192.0.2.1:22").verdict).toBe("drop");
  });

  it("a negated look-up fails where the field is missing", () => {
    const rules = inputOf([match(dport, { set: [80, 443] }, "!="), accept]);
    expect([walkIn(rules, toPort22).verdict, walkIn(rules, "eth0 198.51.100.9:40000 > 192.0.2.1:80 SYN").verdict]).toEqual(["accept", "drop"]);
    expect(walkIn(rules, "eth0 198.51.100.9:40000 > 192.0.2.1:22").verdict).toBe("drop");
  });

  it("marks are computed bit by bit", () => {
    const mark = { meta: { key: "mark" } };
    const set = (value: unknown): object => ({ mangle: { key: mark, value } });
    const rules = inputOf([set(0x0f)], [set({ "|": [{ "&": [mark, 0x0c] }, 0x30] })], [set({ "^": [mark, 0x01] })], [match(mark, 0x3d), accept]);
    expect(walkIn(rules, toPort22).verdict).toBe("accept");
  });
});

describe("chains in a circle", () => {
  it("are refused with the place of the rule that closes it, by jumps and by maps", () => {
    const rule = (chain: string, expr: object): string => JSON.stringify({ rule: { family: "ip", table: "t", chain, expr: [expr] } });
    const chain = (name: string, base: object = {}): string => JSON.stringify({ chain: { family: "ip", table: "t", name, ...base } });
    const text = (closing: object): string =>
      `{"nftables": [\n${['{"table": {"family": "ip", "name": "t"}}', chain("in", { type: "filter", hook: "input", prio: 0 }), chain("a"), chain("b"), rule("in", { jump: { target: "a" } }), rule("a", { goto: { target: "b" } }), rule("b", closing)].join(",\n")}]}`;
    const closings = [{ jump: { target: "a" } }, { vmap: { key: dport, data: { set: [[80, { jump: { target: "a" } }]] } } }];
    for (const closing of closings) {
      expect(() => lowerNft(parseNft(text(closing)), "nft")).toThrow(expect.objectContaining({ message: "chain a is reached from itself by this rule", line: 8 }) as Error);
    }
  });
});
