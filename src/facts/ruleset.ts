/** The firewall of each address family, as far as a faithful reading of the rules answers; which packets get where is the netfilter engine's. */
import { findUnsaved, parseSave, RulesetError, type SaveFile } from "../netfilter/index.ts";
import type { SaveDump, Snapshot } from "../snapshot/model.ts";
import type { Ruleset } from "./model/ruleset.ts";
import { derivePorts } from "./port.ts";
import { booleanAt, textAt } from "./raw.ts";
import type { Derived, Place } from "./resource.ts";
import { judgeDockerUser, type DockerUserFacts, type ReadDump } from "./ruleset/docker-user.ts";
import { hasForwardChain, hasMisprintedRule } from "./ruleset/native.ts";

export function deriveRulesets(snapshot: Snapshot): Derived<Ruleset> {
  const { iptables } = snapshot.sources;
  const source = { status: iptables.status, detail: iptables.detail };
  if (iptables.data === null) return { resources: [], source };
  const { dumps } = iptables.data;
  return { resources: (["v4", "v6"] as const).map((family) => deriveRuleset(family, dumps, snapshot)), source: { status: "ok", detail: null } };
}

const LOGGING = "which packets are logged before they are dropped is not analysed by this version of harden";
const NATIVE = "the engine filters with nftables, and this version of harden does not analyse nftables rules";

const MISPRINTED = "the filter table also holds rules written with nft, which iptables-save does not print as they are";

function deriveRuleset(family: "v4" | "v6", dumps: readonly SaveDump[], snapshot: Snapshot): Ruleset {
  const unknown: Record<string, string> = { "/logsDrops": LOGGING, "/logRate": LOGGING };
  const origins: Record<string, Place> = { "": { source: "iptables", key: family === "v4" ? "iptables-save" : "ip6tables-save" } };
  const read = readDumps(family, dumps, unknown);
  const dockerUser = judgeDockerUser(read.files);
  if (dockerUser.origin !== null) origins["/dockerUser"] = dockerUser.origin;
  if (dockerUser.unknown !== null) unknown["/dockerUser"] ??= dockerUser.unknown;
  if (hasMisprintedRule(snapshot.sources.nftables.data, family)) unknown["/dockerUser"] ??= MISPRINTED;
  if (usesNftables(snapshot)) unknown["/dockerUser"] = NATIVE;
  return {
    kind: "ruleset",
    id: family,
    name: family,
    origins,
    unknown,
    backend: usesNftables(snapshot) ? "nftables" : dockerUser.backend,
    containerTraffic: carriesContainers(family, snapshot, unknown),
    dockerUser: { ...dockerUser.facts, substitute: findSubstitute(family, snapshot, dockerUser.facts, unknown) },
    publishesBeyondLoopback: publishes(family, snapshot, unknown),
    unsaved: listUnsaved(family, read.files, snapshot, origins, unknown),
    logsDrops: false,
    logRate: null,
  };
}

/** What cannot be read or parsed makes the answers that hang on rules unknown: half a rule set is never judged as a whole one. */
function readDumps(family: "v4" | "v6", dumps: readonly SaveDump[], unknown: Record<string, string>): { files: ReadDump[] } {
  const files: ReadDump[] = [];
  for (const dump of dumps.filter((one) => one.family === family)) {
    const parsed = parseDump(dump);
    if (parsed === null) continue;
    if (typeof parsed === "string") {
      unknown["/dockerUser"] = parsed;
      unknown["/unsaved"] = parsed;
    } else {
      files.push({ dump, file: parsed });
    }
  }
  return { files };
}

/** The parsed dump, the reason why there is none, or null for a back end that is not installed and so holds nothing. */
function parseDump(dump: SaveDump): SaveFile | string | null {
  if (dump.status === "absent") return null;
  if (dump.text === null) return dump.detail ?? dump.status;
  return parseText(dump.text, dump.family, dump.program);
}

function parseText(text: string, family: "v4" | "v6", name: string): SaveFile | string {
  try {
    return parseSave(text, family === "v4" ? 4 : 6);
  } catch (error) {
    if (error instanceof RulesetError) return `${name}: ${error.message}`;
    throw error;
  }
}

function usesNftables({ sources: { engine } }: Snapshot): boolean {
  return (textAt(engine.data?.info, "FirewallBackend", "Driver") ?? "").startsWith("nftables");
}

/** Containers have IPv4 addresses always, IPv6 ones where a network has IPv6. */
function carriesContainers(family: "v4" | "v6", { sources: { engine, networks } }: Snapshot, unknown: Record<string, string>): boolean {
  if (engine.status !== "ok") unknown["/containerTraffic"] = engine.detail ?? engine.status;
  else if (family === "v6" && networks.status !== "ok") unknown["/containerTraffic"] = networks.detail ?? networks.status;
  if (family === "v4") return true;
  return (networks.data ?? []).some((network) => booleanAt(network, "EnableIPv6") === true);
}

function publishes(family: "v4" | "v6", snapshot: Snapshot, unknown: Record<string, string>): boolean {
  const { resources, source } = derivePorts(snapshot);
  const beyond = resources.some((port) => port.family === family && !port.loopback);
  if (!beyond && source.status !== "ok") unknown["/publishesBeyondLoopback"] = source.detail ?? source.status;
  return beyond;
}

/** An own base chain counts only if it can be seen; where DOCKER-USER does its work nobody needs one. */
function findSubstitute(
  family: "v4" | "v6", { sources: { nftables } }: Snapshot, facts: DockerUserFacts, unknown: Record<string, string>,
): boolean {
  if (nftables.data !== null) return hasForwardChain(nftables.data, family);
  const unreadable = nftables.status === "denied" || nftables.status === "failed";
  if (unreadable && !facts.reached) unknown["/dockerUser/substitute"] = nftables.detail ?? nftables.status;
  return false;
}

const SAVED: Readonly<Record<"v4" | "v6", readonly string[]>> = {
  v4: ["/etc/iptables/rules.v4", "/etc/sysconfig/iptables"],
  v6: ["/etc/iptables/rules.v6", "/etc/sysconfig/ip6tables"],
};

function listUnsaved(
  family: "v4" | "v6", running: readonly ReadDump[], { sources }: Snapshot, origins: Record<string, Place>, unknown: Record<string, string>,
): string[] {
  const source = sources["saved-rules"];
  if (source.status !== "ok") unknown["/unsaved"] ??= source.detail ?? source.status;
  const saved: SaveFile[] = [];
  for (const { path, text } of source.data ?? []) {
    if (!SAVED[family].includes(path) || text === null) continue;
    const parsed = parseText(text, family, path);
    if (typeof parsed === "string") unknown["/unsaved"] ??= parsed;
    else saved.push(parsed);
  }
  return running.flatMap(({ dump, file }) => {
    const { rules, policies } = findUnsaved(file, saved);
    const first = rules[0] ?? policies[0];
    if (first !== undefined) origins["/unsaved"] = { source: "iptables", key: `${dump.program} line ${first.line ?? "?"}` };
    return [
      ...rules.map((rule) => `${rule.table} ${rule.text}`),
      ...policies.map(({ table, chain, policy }) => `${table} -P ${chain} ${policy}`),
    ];
  });
}
