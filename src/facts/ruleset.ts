/** The firewall of each address family, as far as a faithful reading of the rules answers; which packets get where is the netfilter engine's. */
import type { Snapshot } from "../snapshot/model.ts";
import { isPodman } from "../snapshot/podman.ts";
import { judgeEgress } from "./exposure/egress.ts";
import { judgeIdleRules } from "./exposure/idle.ts";
import { judgeLogging } from "./exposure/logging.ts";
import { setScene } from "./exposure/scene.ts";
import { readFirewall } from "./firewall.ts";
import { findUnanalysable } from "./exposure/unanalysable.ts";
import type { Port } from "./model/port.ts";
import type { Ruleset } from "./model/ruleset.ts";
import { joinParts } from "./part.ts";
import { derivePorts } from "./port.ts";
import { booleanAt, textAt } from "./raw.ts";
import type { Derived, Place } from "./resource.ts";
import { findUnfilteredBridges } from "./ruleset/bridges.ts";
import { findConflict } from "./ruleset/conflicts.ts";
import { judgeDockerUser, type DockerUserFacts } from "./ruleset/docker-user.ts";
import { findPortMismatches } from "./ruleset/mismatches.ts";
import { hasForwardChain, hasMisprintedRule } from "./ruleset/native.ts";
import { readDumps, type Family, type ReadDumps } from "./ruleset/read-dumps.ts";
import { compareSaved } from "./ruleset/saved.ts";
import { type Tell, TELL_NOBODY } from "./tell.ts";

export function deriveRulesets(snapshot: Snapshot, tell: Tell = TELL_NOBODY): Derived<Ruleset> {
  const { iptables } = snapshot.sources;
  const source = { status: iptables.status, detail: iptables.detail };
  if (iptables.data === null) return { resources: [], source };
  const ports = derivePorts(snapshot);
  const resources = (["v4", "v6"] as const).map((family, index, families) => {
    tell("ruleset", index, families.length);
    return deriveRuleset(family, ports, snapshot);
  });
  return { resources, source: { status: "ok", detail: null } };
}

const MISPRINTED = "the filter table also holds rules written with nft, which iptables-save does not print as they are";

function deriveRuleset(family: Family, ports: Derived<Port>, snapshot: Snapshot): Ruleset {
  const unknown: Record<string, string> = {};
  const origins: Record<string, Place> = { "": { source: "iptables", key: family === "v4" ? "iptables-save" : "ip6tables-save" } };
  const read = readDumps(family, snapshot);
  const dockerUser = judgeDockerUser(read);
  if (dockerUser.origin !== null) origins["/dockerUser"] = dockerUser.origin;
  if (dockerUser.unknown !== null) unknown["/dockerUser"] = dockerUser.unknown;
  if (hasMisprintedRule(snapshot.sources.nftables.data, family)) unknown["/dockerUser"] ??= MISPRINTED;
  const native = usesNftables(snapshot);
  const saved = compareSaved(family, read, snapshot);
  const bridges = findUnfilteredBridges(family, snapshot);
  const mismatches = findPortMismatches(family, read, ports);
  const walked = [judgeEgress(family === "v4" ? 4 : 6, setScene(snapshot)), judgeLogging(family === "v4" ? 4 : 6, readFirewall(snapshot)), findUnanalysable(family, snapshot), judgeIdleRules(family === "v4" ? 4 : 6, readFirewall(snapshot))] as const;
  const own = {
    containerTraffic: carriesContainers(family, snapshot, unknown),
    dockerUser: { ...dockerUser.facts, substitute: findSubstitute(family, snapshot, dockerUser.facts, unknown) },
    publishesBeyondLoopback: publishes(family, ports, unknown),
    conflict: judgeConflict(read, native, unknown),
  };
  return {
    kind: "ruleset",
    id: family,
    name: family,
    ...joinParts([{ value: null, origins, unknown }, saved, bridges, mismatches, ...walked]),
    backend: native ? "nftables" : dockerUser.backend,
    podman: isPodman(snapshot.sources.engine.data?.version ?? null),
    ...own,
    ...saved.value,
    ...bridges.value,
    ...mismatches.value,
    ...walked[0].value,
    ...walked[1].value,
    ...walked[2].value,
    ...walked[3].value,
  };
}

/** What is found is known, whatever else could not be read. */
function judgeConflict(read: ReadDumps, native: boolean, unknown: Record<string, string>): string | null {
  const conflict = findConflict(read, native);
  if (conflict === null && read.unread !== null) unknown["/conflict"] = read.unread;
  return conflict;
}

function usesNftables({ sources: { engine } }: Snapshot): boolean {
  return (textAt(engine.data?.info, "FirewallBackend", "Driver") ?? "").startsWith("nftables");
}

/** Containers have IPv4 addresses always, IPv6 ones where a network has IPv6. */
function carriesContainers(family: Family, { sources: { engine, networks } }: Snapshot, unknown: Record<string, string>): boolean {
  if (engine.status !== "ok") unknown["/containerTraffic"] = engine.detail ?? engine.status;
  else if (family === "v6" && networks.status !== "ok") unknown["/containerTraffic"] = networks.detail ?? networks.status;
  if (family === "v4") return true;
  return (networks.data ?? []).some((network) => booleanAt(network, "EnableIPv6") === true);
}

function publishes(family: Family, { resources, source }: Derived<Port>, unknown: Record<string, string>): boolean {
  const beyond = resources.some((port) => port.family === family && !port.loopback);
  if (!beyond && source.status !== "ok") unknown["/publishesBeyondLoopback"] = source.detail ?? source.status;
  return beyond;
}

/** An own base chain counts only if it can be seen; where DOCKER-USER does its work nobody needs one. */
function findSubstitute(family: Family, { sources: { nftables } }: Snapshot, facts: DockerUserFacts, unknown: Record<string, string>): boolean {
  if (nftables.data !== null) return hasForwardChain(nftables.data, family);
  const unreadable = nftables.status === "denied" || nftables.status === "failed";
  if (unreadable && !facts.reached) unknown["/dockerUser/substitute"] = nftables.detail ?? nftables.status;
  return false;
}
