/** Rule sets that no kernel printed, or that somebody wrote to mislead: an error with the line, or `unknown` with the rule, by every command that takes them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEMO_SNAPSHOT } from "../../scripts/examples.ts";
import type { Report } from "../../src/policy/model/report.ts";
import type { Snapshot } from "../../src/snapshot/model.ts";
import { runHarden, type Run } from "../support/harden.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "harden-rules-"));
  write("links.json", JSON.stringify([{ ifname: "lo", flags: ["LOOPBACK", "UP"] }, { ifname: "eth0", flags: ["UP"] }]));
  write("addresses.json", JSON.stringify([{ ifname: "eth0", flags: ["UP"], addr_info: [{ family: "inet", local: "192.0.2.1", prefixlen: 24 }] }]));
  write("routes.json", JSON.stringify([{ dst: "default", gateway: "192.0.2.254", dev: "eth0", flags: [] }, { type: "local", dst: "192.0.2.1", dev: "eth0", table: "local", flags: [] }]));
});
afterAll(() => { rmSync(folder, { recursive: true }); });

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

/** A SYN to port 80 of the host itself. */
async function trace(file: string, ...more: readonly string[]): Promise<Run> {
  const network = ["links.json", "addresses.json", "routes.json"].flatMap((name) => ["--network", join(folder, name)]);
  return runHarden(["trace", "--ruleset", file, ...network, "--from", "198.51.100.7", "--to", "192.0.2.1:80", ...more]);
}

const lines = (...all: readonly string[]): string => `${all.join("\n")}\n`;
const filter = (...rules: readonly string[]): string => lines("*filter", ":INPUT DROP [0:0]", ":A - [0:0]", ":B - [0:0]", ...rules, "COMMIT");

/** By name: the dump, the line where it is told, and what is told. iptables-restore loads none of them. */
const REFUSED: readonly (readonly [string, string, number, string])[] = [
  ["cut off within a rule", "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tc", 3, "table filter ends without COMMIT: the dump is cut off"],
  ["cut off within a declaration", "*filter\n:INPUT DR", 2, "table filter ends without COMMIT: the dump is cut off"],
  ["cut off in the second table", lines("*nat", ":PREROUTING ACCEPT [0:0]", "COMMIT", "*filter", ":INPUT DROP [0:0]"), 5, "table filter ends without COMMIT: the dump is cut off"],
  ["cut off within a comment", filter('-A INPUT -m comment --comment "abc -j ACCEPT'), 5, "a quote is not closed"],
  ["a table that is not known", lines("*filter", ":INPUT DROP [0:0]", "COMMIT", "*fliter", ":INPUT DROP [0:0]", "COMMIT"), 4, "iptables has no table fliter"],
  ["a table of another program", lines("*broute", ":BROUTING ACCEPT [0:0]", "COMMIT"), 1, "iptables has no table broute"],
  ["a base chain that its table does not have", lines("*nat", ":FORWARD DROP [0:0]", "COMMIT"), 2, "iptables has no chain FORWARD in a table nat"],
  ["a table twice", lines("*filter", ":INPUT DROP [0:0]", "COMMIT", "*filter", ":INPUT ACCEPT [0:0]", "COMMIT"), 4, "table filter occurs twice; which counts depends on how it is loaded"],
  ["a rule of a chain that is not there", filter("-A INPUT -j DROP", "-A GONE -j ACCEPT"), 6, "chain GONE is not declared: the dump is not whole"],
  ["jumps in a circle", filter("-A INPUT -j A", "-A A -j B", "-A B -g A"), 7, "chain A is reached from itself by this jump"],
  ["a chain that jumps to itself", filter("-A INPUT -p tcp -j A", "-A A -s 192.0.2.9/32 -j A"), 6, "chain A is reached from itself by this jump"],
  ["a jump to a chain that the kernel calls", filter("-A A -j INPUT"), 5, "INPUT is a chain that only the kernel calls"],
];

describe("a dump that no kernel would load", () => {
  it.each(REFUSED)("%s", async (_, text, line, message) => {
    const file = write("bad.rules", text);
    const [traced, checked] = await Promise.all([trace(file), runHarden(["check", file, "-o", "json"])]);
    expect([traced.exitCode, traced.stdout, traced.stderr]).toEqual([2, "", `harden: ${file}:${line}:1: ${message}\n`]);
    expect([checked.exitCode, checked.stdout, checked.stderr]).toEqual([2, "", `harden: ${file}:${line}: ${message}\n`]);
  });
});

interface Traced {
  readonly verdict: string;
  readonly hops: readonly { readonly chain: string | null; readonly line: number | null; readonly action: string; readonly why: string }[];
}

/** The verdict, and what is unknown: `CHAIN line N: the rule`. */
async function ask(file: string): Promise<readonly string[]> {
  const { stdout } = await trace(file, "-o", "json");
  return (JSON.parse(stdout) as Traced[]).flatMap(({ verdict, hops }) => [verdict, ...hops.filter(({ action }) => action === "unknown").map(({ chain, line, why }) => `${String(chain)} line ${String(line)}: ${why}`)]);
}

describe("a dump with what harden cannot know", () => {
  it.each<[string, string, readonly string[]]>([
    ["a jump to a chain that is not there: it may be a target of iptables", "-A INPUT -j GONE", ["unknown", "INPUT line 5: -A INPUT -j GONE"]],
    ["an extension that is not known", "-A INPUT -m frobnicate --level 3 -j ACCEPT", ["unknown", "INPUT line 5: -m frobnicate --level 3 in -A INPUT -m frobnicate --level 3 -j ACCEPT"]],
    ["a value that no packet has", "-A INPUT -p tcp -m tcp --dport 99999 -j ACCEPT", ["unknown", "INPUT line 5: -m tcp --dport 99999 in -A INPUT -p tcp -m tcp --dport 99999 -j ACCEPT"]],
    ["a set that was not given", "-A INPUT -m set --match-set friends src -j ACCEPT", ["unknown", "INPUT line 5: -m set --match-set friends src in -A INPUT -m set --match-set friends src -j ACCEPT"]],
    ["a rule for an interface that is gone takes no packet", "-A INPUT -i eth9 -j ACCEPT", ["drop"]],
    ["a rule for all but an interface that is gone takes every packet", "-A INPUT ! -i eth9 -j ACCEPT", ["accept"]],
  ])("%s", async (_, rule, told) => {
    expect(await ask(write("open.rules", filter(rule)))).toEqual(told);
  });
});

/** A table of nft with a base chain `in` that drops, and these objects. */
function nft(...objects: readonly object[]): string {
  const of = { family: "ip", table: "own" };
  const base = { chain: { ...of, name: "in", handle: 1, type: "filter", hook: "input", prio: 0, policy: "drop" } };
  return `${JSON.stringify({ nftables: [{ table: { family: "ip", name: "own", handle: 1 } }, base, ...objects.map((object) => mapOne(object, of))] }, null, 1)}\n`;
}

function mapOne(object: object, of: object): object {
  return Object.fromEntries(Object.entries(object).map(([kind, value]) => [kind, { ...of, handle: 9, ...(value as object) }]));
}

const rule = (chain: string, ...expr: readonly object[]): object => ({ rule: { chain, expr } });
const chain = (name: string): object => ({ chain: { name } });
const jump = (target: string): object => ({ jump: { target } });
const byInterface = (verdict: object): object => ({ vmap: { key: { meta: { key: "iifname" } }, data: { set: [["eth0", verdict]] } } });

describe("nft's list", () => {
  it.each<[string, string, RegExp]>([
    ["cut off within a word", nft(rule("in", { accept: null })).slice(0, -40), /^\d+:\d+: a string that does not end, or holds what JSON does not allow in one$/],
    ["cut off between words", nft(rule("in", { accept: null })).replace(/null\s[^]*/, "null"), /^\d+:\d+: expected .* found the end of the text$/],
    ["a rule of a chain that is not declared", nft(rule("gone", { accept: null })), /^\d+:\d+: chain gone is not declared before its rule$/],
    ["jumps in a circle", nft(chain("a"), chain("b"), rule("in", jump("a")), rule("a", jump("b")), rule("b", { goto: { target: "a" } })), /^\d+:\d+: chain a is reached from itself by this rule$/],
    ["a circle by a verdict map", nft(chain("a"), rule("in", jump("a")), rule("a", byInterface(jump("a")))), /^\d+:\d+: chain a is reached from itself by this rule$/],
  ])("%s", async (_, text, message) => {
    const file = write("bad.json", text);
    const { exitCode, stdout, stderr } = await trace(file);
    const told = stderr.trimEnd().replace(`harden: ${file}:`, "");
    expect([exitCode, stdout, told]).toEqual([2, "", expect.stringMatching(message)]);
    // The line is that of the object, or where the text ends.
    const at = text.split("\n")[Number(told.split(":")[0]) - 1] ?? "";
    expect(at).not.toBe("");
  });

  it.each<[string, object]>([["a jump", jump("gone")], ["a verdict map", byInterface(jump("gone"))]])("%s to a chain that is not there is unknown, with the rule", async (_, expression) => {
    const { exitCode, stdout } = await trace(write("open.json", nft(rule("in", expression))));
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/own in rule 1 \(.*open\.json line \d+\): jump gone/s);
    expect(stdout).toMatch(/unknown: there is no chain gone\n$/);
  });
});

const ESCAPES = "\u001b[2J\u001b]0;owned\u0007\r\n-A INPUT -j DROP\u202e\u009b31m";
// What a terminal obeys: C0 but for line feeds, DEL, C1, and what turns the direction of the text.
// eslint-disable-next-line no-control-regex -- those are what is looked for
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

describe("hostile comments", () => {
  const dump = filter(`-A INPUT -p tcp -m tcp --dport 80 -m comment --comment "${ESCAPES}" -j ACCEPT`, `-A INPUT -p tcp -m tcp --dport 80 -m comment --comment "x${ESCAPES}" -j DROP`);

  it("reach no terminal, and no line of theirs becomes a rule", async () => {
    const file = write("hostile.rules", dump);
    const [traced, checked, listed] = await Promise.all([trace(file), runHarden(["check", file]), trace(write("hostile.json", nft({ rule: { chain: "in", comment: ESCAPES, expr: [{ accept: null }] } })))]);
    for (const { stdout, stderr } of [traced, checked, listed]) {
      expect(`${stdout}${stderr}`).not.toMatch(OBEYED);
      expect(`${stdout}${stderr}`).not.toMatch(/^-A INPUT -j DROP/m);
    }
    expect(traced.stdout).toContain("rule 1");
    expect(traced.stdout).toMatch(/\naccept: delivered to this host at 192\.0\.2\.1:80\n$/);
    expect(checked.stdout).toContain("\\u{1b}[2J");
    expect(listed.stdout).toMatch(/\naccept: delivered/);
  });

  it("in the names of chains reach no terminal by an error", async () => {
    const name = "A\u001b[2J";
    const file = write("name.rules", lines("*filter", ":INPUT DROP [0:0]", `:${name} - [0:0]`, `-A INPUT -j ${name}`, `-A ${name} -j ${name}`, "COMMIT"));
    for (const { exitCode, stderr } of await Promise.all([trace(file), runHarden(["check", file])])) {
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining("chain A\\u{1b}[2J is reached from itself by this jump")]);
      expect(stderr).not.toMatch(OBEYED);
    }
  });
});

/** The demo host, with other rules of IPv4; without nft's list, which tells the same rules. */
function snapshotWith(change: (dump: string) => string): string {
  const demo = JSON.parse(readFileSync(DEMO_SNAPSHOT, "utf8")) as Snapshot;
  const { iptables, nftables } = demo.sources;
  const dumps = (iptables.data?.dumps ?? []).map((dump) => (dump.family === "v4" && dump.backend === "nft" ? { ...dump, text: change(dump.text ?? "") } : dump));
  return write("host.json", JSON.stringify({ ...demo, sources: { ...demo.sources, iptables: { ...iptables, data: { ...iptables.data, dumps } }, nftables: { ...nftables, status: "absent", detail: "nft is not installed", data: null } } }));
}

async function scan(snapshot: string): Promise<Report["results"]> {
  const { stdout, stderr } = await runHarden(["scan", "--snapshot", snapshot, "-o", "json"]);
  expect(stderr).not.toMatch(/\n\s+at /);
  return (JSON.parse(stdout) as Report).results;
}

const OF_THE_RULES = ["firewall-drop-logging", "firewall-syn-flood-limit", "firewall-null-scan", "firewall-connection-limit"];
const FORWARD = "-A FORWARD -j DOCKER-USER";

describe("a snapshot with such a dump", () => {
  it.each<[string, (dump: string) => string, RegExp]>([
    ["cut off", (dump) => dump.slice(0, dump.indexOf(FORWARD)), /iptables-nft-save line \d+: table filter ends without COMMIT: the dump is cut off/],
    ["with a table that is not known", (dump) => `${dump}*fliter\n:INPUT ACCEPT [0:0]\nCOMMIT\n`, /iptables-nft-save line \d+: iptables has no table fliter/],
    ["with jumps in a circle", (dump) => dump.replace(":DOCKER-USER", ":LOOP - [0:0]\n:DOCKER-USER").replace(FORWARD, `-A FORWARD -j LOOP\n-A LOOP -j LOOP\n${FORWARD}`), /iptables-nft-save line \d+: chain LOOP is reached from itself by this jump/],
  ])("%s passes nothing of IPv4, and tells the line", async (_, change, reason) => {
    const file = snapshotWith(change);
    const results = (await scan(file)).filter(({ policy, resource }) => OF_THE_RULES.includes(policy) && resource.id?.startsWith("v4") === true);
    expect(new Set(results.map(({ policy }) => policy))).toEqual(new Set(OF_THE_RULES));
    expect(results.filter(({ status, message }) => status !== "notApplicable" && !(status === "unknown" && reason.test(message))).map(({ status, policy, message }) => [status, policy, message])).toEqual([]);
    const traced = await runHarden(["trace", "--snapshot", file, "--from", "198.51.100.7", "--to", "192.0.2.1:80"]);
    expect([`${traced.stdout}${traced.stderr}`.replace(/\n\s*/g, " "), traced.stdout.includes("accept: ")]).toEqual([expect.stringMatching(reason), false]);
  });

  it("with a jump to a chain that is not there: what hangs on it is unknown and names the rule", async () => {
    const file = snapshotWith((dump) => dump.replace(FORWARD, `-A FORWARD -j GONE\n${FORWARD}`));
    const results = (await scan(file)).filter(({ policy, resource }) => policy === "firewall-port-reachable-from-any" && resource.id?.startsWith("v4 0.0.0.0:5432") === true);
    expect(results.map(({ status, message }) => [status, message.includes("-j GONE")])).toEqual([["unknown", true]]);
  });
});
