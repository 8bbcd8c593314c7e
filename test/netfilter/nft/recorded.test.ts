/** Rule sets that nft printed of real programs' tables and of hand-written ones; test/fixtures/rulesets/README.md tells how. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type NftRuleset, parseNft, printNftRule } from "../../../src/netfilter/index.ts";
import { describeWith } from "../../support/requirements.ts";

const folder = new URL("../../fixtures/rulesets/", import.meta.url);
const names = readdirSync(new URL("recorded-nft/", folder)).filter((name) => name.endsWith(".json")).sort();

function read(name: string): NftRuleset {
  return parseNft(readText(name));
}

function readText(name: string): string {
  return readFileSync(new URL(`recorded-nft/${name}`, folder), "utf8");
}

describe("every recorded rule set", () => {
  it.each(names)("%s is read with all its rules", (name) => {
    const rules = read(name).tables.flatMap(({ chains }) => chains.flatMap((chain) => chain.rules));
    expect(rules).toHaveLength((readText(name).match(/\{"rule": /g) ?? []).length);
  });

  it("is understood, but for what is not modelled", () => {
    const opaque = names.map((name) => [name, listOpaque(read(name))] as const).filter(([, kinds]) => kinds.length > 0);
    expect(Object.fromEntries(opaque)).toEqual({
      "administrator.json": ["rt", "tcp option"],
      "vocabulary.json": ["exthdr", "ip option", "osf", "reset", "rt", "sctp chunk", "socket", "tcp option"],
    });
  });
});

describeWith({ root: true, programs: ["unshare", "nft"] }, "rules as they are printed for people", () => {
  it.each(["administrator", "docker-29", "firewalld", "kube-proxy", "libvirt", "netavark", "vocabulary"])("%s: nft reads them and lists the same rules", (name) => {
    const before = readText(`${name}.json`);
    const rules = read(`${name}.json`).tables.flatMap((table) => table.chains.flatMap((chain) => chain.rules.map((rule) => ({ table, chain, text: printNftRule(rule) }))));
    // What is not modelled is printed as JSON, which nft does not read.
    const isReadable = rules.map(({ text }) => !text.includes('{"'));
    const commands = rules.filter((_, index) => isReadable[index]).map(({ table, chain, text }) => `add rule ${table.family} ${table.name} ${chain.name} ${text}`);
    expect(expressionsOf(reload(name, before, commands))).toEqual(expressionsOf(before).filter((_, index) => isReadable[index]));
  });
});

/** Loads the rule set, puts the rules in place of those of its chains, and lists it. */
function reload(name: string, listing: string, rules: readonly string[]): string {
  const written = new URL(`written-nft/${name}.nft`, folder).pathname;
  const chains = parseNft(listing).tables.flatMap((table) => table.chains.map((chain) => `flush chain ${table.family} ${table.name} ${chain.name}`));
  const load = existsSync(written) ? `nft -f ${written}` : 'printf %s "$0" | nft -j -f -';
  const input = `${[...chains, ...rules].join("\n")}\n`;
  return execFileSync("unshare", ["-n", "sh", "-c", `ip link add eth0 type veth peer name eth1; ${load} && nft -f - && nft -j list ruleset`, asCommands(listing)], { input, encoding: "utf8" });
}

interface Listing {
  readonly nftables: readonly Readonly<Record<string, Readonly<Record<string, unknown>>>>[];
}

/** As commands for nft -j. Chains before the maps whose verdicts name them. */
function asCommands(text: string): string {
  const objects = (JSON.parse(text) as Listing).nftables;
  const rank = (object: object): number => ["table", "chain", "set", "map", "ct helper"].findIndex((type) => type in object);
  const sorted = objects.filter((object) => rank(object) >= 0).sort((a, b) => rank(a) - rank(b));
  return JSON.stringify({ nftables: sorted.map((object) => ({ add: object })) });
}

/** Expression lists of all rules, without what counters counted. */
function expressionsOf(text: string): readonly string[] {
  const rules = (JSON.parse(text) as Listing).nftables.flatMap((object) => (object["rule"] === undefined ? [] : [object["rule"]]));
  return rules.map(({ family, table, chain, expr, comment }) => JSON.stringify([family, table, chain, expr, comment]).replace(/"(packets|bytes)":\d+/g, '"$1":0'));
}

function listOpaque(ruleset: NftRuleset): readonly string[] {
  const names = new Set<string>();
  JSON.stringify(ruleset, (_key, value: unknown) => {
    if (typeof value === "object" && value !== null && "kind" in value && value.kind === "opaque" && "name" in value) names.add(String(value.name));
    return value;
  });
  return [...names].sort();
}
