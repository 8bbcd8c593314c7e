/** Both back ends, nft and ipset as one firewall: no rule is judged twice, none is left out. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Firewall, Rule } from "../../../src/netfilter/firewall/model.ts";
import { parseIpsets } from "../../../src/netfilter/ipset.ts";
import { lowerRulesets } from "../../../src/netfilter/lower/lower-rulesets.ts";
import { parseNft } from "../../../src/netfilter/nft/parse.ts";
import { parseSave } from "../../../src/netfilter/parse.ts";
import { describeWith } from "../../support/requirements.ts";
import { usedSet } from "../vocabulary/conditions.ts";
import { arbitraryRule, usedChain } from "../vocabulary/rules.ts";
import { fateOf, walkIn } from "../walk/world.ts";

const folder = new URL("../../fixtures/rulesets/recorded-nft/", import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), "utf8");

function join(save: string, nft: string | null, ipsets: string | null = null): Firewall {
  return lowerRulesets({
    saves: [{ file: parseSave(save, 4), backend: "nft", name: "save" }],
    nft: nft === null ? null : { ruleset: parseNft(nft), name: "nft" },
    ipsets: ipsets === null ? null : parseIpsets(ipsets),
  });
}

function rulesOf({ tables }: Firewall): readonly Rule[] {
  return tables.flatMap(({ chains }) => [...chains.values()].flatMap(({ rules }) => rules));
}

describe("native rules in iptables' own tables", () => {
  const mixed = join(read("mixed.nft.v4"), read("mixed.json"));

  it("are taken from nft where iptables-nft-save misprints them, and the others from it", () => {
    expect(rulesOf(mixed).map(({ source }) => [source.backend, source.table, source.chain, source.index, source.line, source.text])).toEqual([
      ["nft", "filter", "INPUT", 1, 6, "-A INPUT -p tcp -m conntrack --ctstate NEW -m multiport --dports 22,80 -j ACCEPT"],
      ["nft", "filter", "INPUT", 2, 7, "ip saddr { 192.0.2.1, 192.0.2.2 } drop"],
      ["nft", "filter", "INPUT", 3, 8, '-A INPUT -m comment --comment "kept by hand" -j DROP'],
      ["nft", "filter", "FORWARD", 1, 9, "-A FORWARD -i eth0 -j ACCEPT"],
      ["nft", "filter", "FORWARD", 2, 10, "tcp dport { 80, 443 } accept"],
      ["native", "nat", "POSTROUTING", 1, null, 'oifname "eth0" counter xt target MASQUERADE'],
      ["native", "nat", "POSTROUTING", 2, null, "numgen random mod 2 0 accept"],
      ["native", "own", "input", 1, null, "tcp dport 23 drop"],
    ]);
    expect(mixed.gaps).toEqual([]);
  });

  it("decide as the kernel has them", () => {
    expect(fateOf(walkIn(mixed, "eth0 198.51.100.9:40000 > 192.0.2.1:22 SYN"))).toBe("accept host 192.0.2.1:22");
    expect(fateOf(walkIn(mixed, "eth0 192.0.2.2:40000 > 192.0.2.1:23 SYN"))).toBe("drop");
  });

  it("without nft the table that could not be printed is a gap", () => {
    expect(join(read("mixed.nft.v4"), null).gaps.map(({ family, reason }) => [family, reason])).toContainEqual([4, "save could not print table nat"]);
  });

  it("rules that changed between the two readings make the chain unknown", () => {
    const { gaps } = join(read("mixed.nft.v4").replace("[0:0] -A INPUT -j DROP\n", ""), read("mixed.json"));
    expect(gaps).toEqual([{ family: 4, hook: "input", reason: "iptables-nft-save and nft tell different rules of chain INPUT in table filter: they changed while they were read" }]);
  });
});

describe("ipset", () => {
  const rules = (match: string): string => `*filter\n:INPUT DROP [0:0]\n-A INPUT -m set --match-set ${match} -j ACCEPT\nCOMMIT\n`;
  const fate = (match: string, sets: string | null, packet: string): string => walkIn(join(rules(match), null, sets), packet).verdict;
  const from = (source: string): string => `eth0 ${source}:40000 > 192.0.2.1:80 SYN`;

  it("networks, with exceptions: the longest prefix decides", () => {
    const sets = "create s hash:net family inet\nadd s 10.0.0.0/8\nadd s 10.1.0.0/16 nomatch\nadd s 10.1.1.0/24\n";
    expect(["10.2.0.1", "10.1.2.1", "10.1.1.1", "11.0.0.1"].map((source) => fate("s src", sets, from(source)))).toEqual(["accept", "drop", "accept", "drop"]);
  });

  it("what is in it is not known, or something in it is not understood: unknown", () => {
    expect(fate("s src", null, from("10.0.0.1"))).toBe("unknown");
    expect(fate("s src", "create t hash:ip family inet\n", from("10.0.0.1"))).toBe("unknown");
    expect(fate("s src", "create s hash:mac\nadd s 00:11:22:33:44:55\n", from("10.0.0.1"))).toBe("unknown");
  });

  it.each([
    ["s src,dst", "create s hash:ip,port family inet\nadd s 10.0.0.1,tcp:80\n", ["accept", "drop"]],
    ["s src,src", "create s hash:ip,port family inet\nadd s 10.0.0.1,tcp:80\n", ["drop", "drop"]],
    ["s dst", "create s bitmap:port range 0-1000\nadd s 80\n", ["accept", "accept"]],
    ["s src,src", "create s hash:net,iface family inet\nadd s 10.0.0.0/24,eth0\n", ["accept", "accept"]],
    ["s src", "create s hash:ip family inet netmask 31\nadd s 10.0.0.0\n", ["accept", "drop"]],
    ["l src", "create s hash:ip family inet\nadd s 10.0.0.1\ncreate l list:set size 8\nadd l s\n", ["accept", "drop"]],
    ["s src", "create s hash:ip family inet6\nadd s ::1\n", ["drop", "drop"]],
    ["s src", "create s hash:ip,port family inet\nadd s 10.0.0.1,tcp:80\n", ["drop", "drop"]],
  ])("%s of %j", (match, sets, fates) => {
    expect(["10.0.0.1", "10.0.0.2"].map((source) => fate(match, sets, from(source)))).toEqual(fates);
  });
});

describe("a rule that both tools tell in their own words", () => {
  it("is taken as printed: any of some flags", () => {
    const listed = { nftables: [
      { table: { family: "ip", name: "filter", handle: 1 } }, { chain: { family: "ip", table: "filter", name: "GENERATED", handle: 1 } },
      { rule: { family: "ip", table: "filter", chain: "GENERATED", handle: 2, expr: [{ match: { op: "in", left: { payload: { protocol: "tcp", field: "flags" } }, right: "rst" } }] } },
    ] };
    const printed = "-A GENERATED -p tcp -m tcp ! --tcp-flags RST NONE";
    const save = `*filter\n:GENERATED - [0:0]\n${printed}\nCOMMIT\n`;
    expect(rulesOf(join(save, JSON.stringify(listed))).map(({ source }) => source.text)).toEqual([printed]);
  });
});

/** Of both ports negated iptables-nft 1.8.9 makes one comparison, and nft tells that: then nft is right. */
const isLoadedAsWritten = ({ words }: { readonly words: string }): boolean => ![/! --(?:sport|source-port) /, /! --(?:dport|destination-port) /].every((port) => port.test(words));

describeWith({ root: true, programs: ["unshare", "iptables-nft-restore", "nft", "ipset"] }, "what nft lists of iptables-nft's own rules", () => {
  it("never takes the place of what iptables-nft-save prints", { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(fc.array(arbitraryRule(4).filter(isLoadedAsWritten), { minLength: 1, maxLength: 60, size: "max" }), (rules) => {
        const tables = [...new Set(rules.map(({ table }) => table))];
        const words = (table: string): readonly string[] => rules.filter((rule) => rule.table === table).map((rule) => `-A GENERATED ${rule.words}`);
        const written = tables.map((table) => [`*${table}`, ":GENERATED - [0:0]", `:${usedChain} - [0:0]`, ...words(table), "COMMIT", ""].join("\n")).join("");
        const script = `ipset create ${usedSet} hash:ip && iptables-nft-restore && iptables-nft-save && echo ==== && nft -j list ruleset`;
        const [save = "", nft = ""] = execFileSync("unshare", ["-n", "sh", "-c", script], { input: written, encoding: "utf8", stdio: ["pipe", "pipe", "pipe"] }).split("====\n");
        expect(rulesOf(join(save, nft)).filter(({ source }) => !source.text.startsWith("-A ")).map(({ source }) => source.text)).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});
