/** What loading a file makes of a rule set, beside what iptables-restore makes of it: recorded rule sets of several engines, both back ends and families. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseSave } from "../../src/netfilter/parse.ts";
import { printRule } from "../../src/netfilter/print.ts";
import { restoreOnto } from "../../src/netfilter/restore.ts";
import { JUMPS, renderIptablesRules } from "../../src/remediation/firewall/iptables-rules.ts";
import { DEFAULT_LIMITS } from "../../src/remediation/firewall/limits.ts";
import { describeWith } from "../support/requirements.ts";

const FOLDER = new URL("../fixtures/rulesets/recorded/", import.meta.url);
const DUMPS = readdirSync(FOLDER).filter((name) => /^(docker-.*|ufw|limits)\.(nft|legacy)\.v[46]$/.test(name)).sort();
const BRIDGES = [{ name: "docker0", prefix: false }, { name: "br-", prefix: true }];

describeWith({ root: true, programs: ["unshare", "iptables-nft-restore", "iptables-legacy-restore"] }, "loading a file into a rule set", () => {
  it.each(DUMPS.flatMap((name) => ["nft", "legacy"].map((backend) => [name, backend])))("%s, %s", { timeout: 60_000 }, (name = "", backend = "") => {
    const family = name.endsWith("v4") ? 4 : 6;
    const dump = readFileSync(new URL(name, FOLDER), "utf8");
    for (const file of filesFor(dump, family)) {
      const [before, after] = load(dump, file, backend, family);
      expect(normalise(restoreOnto(before, file, family), family)).toEqual(normalise(after, family));
    }
  });
});

/** The plan's own rules, also a second time with what it has changed by then, and everything else that a file may do. */
function filesFor(dump: string, family: 4 | 6): string[] {
  const jumps = JUMPS.filter(({ from }) => from === "INPUT" || dump.includes(`:${from} `));
  const plan = (rate: number): string => renderIptablesRules(family === 4 ? "v4" : "v6", BRIDGES, { ...DEFAULT_LIMITS, rate }, rate === 10 ? jumps : []);
  return [plan(10), plan(30), "*filter\n:A - [0:0]\n:INPUT DROP [0:0]\n-A A -j ACCEPT\n-I A -j DROP\n-I A 2 -j A2\n-A OUTPUT -j A\nCOMMIT\n*raw\n-I PREROUTING 1 -i lo -j ACCEPT\nCOMMIT\n".replace(":INPUT", ":A2 - [0:0]\n:INPUT")];
}

/** What is there before, then after; the plan's second file is loaded over its first. */
function load(dump: string, file: string, backend: string, family: 4 | 6): [string, string] {
  const tool = `${family === 4 ? "iptables" : "ip6tables"}-${backend}`;
  const first = file.includes("30/sec") ? file.replaceAll("30/sec", "10/sec").replace("COMMIT", "-A INPUT -j HARDEN-IN\nCOMMIT") : "";
  const script = `set -e; printf '%s' "$1" | ${tool}-restore; if [ -n "$3" ]; then printf '%s' "$3" | ${tool}-restore --noflush; fi; ${tool}-save; echo ---; printf '%s' "$2" | ${tool}-restore --noflush; ${tool}-save`;
  const [before = "", after = ""] = execFileSync("unshare", ["-n", "sh", "-c", script, "sh", dump, file, first], { encoding: "utf8" }).split("---\n");
  return [before, after];
}

/** By table and chain; counters and comments aside. */
function normalise(text: string, family: 4 | 6): unknown {
  return parseSave(text, family).tables.map(({ name, chains }) => [name, chains.map((chain) => [chain.name, chain.policy, chain.rules.map(printRule)])]).sort();
}
