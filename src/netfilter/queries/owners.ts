/** Who wrote a rule: the administrator, or a program that writes its rules anew whenever it starts. */
import { isUnconditional } from "../identity.ts";
import type { InterfaceMatch, Match } from "../matches.ts";
import type { Rule, SaveFile } from "../model.ts";
import type { Target } from "../targets.ts";
import { listRules } from "./references.ts";

export type Owner = "docker" | "kubernetes" | "cni" | "podman" | "libvirt" | "ufw" | "firewalld" | "fail2ban" | "administrator";

/**
 * Chains that a program creates, fills and, at its next start, fills again. What the names rest on:
 * docker: libnetwork and moby's iptabler, every chain but DOCKER-USER, which is the administrator's by documentation;
 * kubernetes: kube-proxy and kubelet create `KUBE-…` (pkg/proxy/iptables);
 * cni: plugins portmap, firewall and bridge create `CNI-…`, of which CNI-ADMIN is the administrator's; calico `cali-…`, flannel `FLANNEL-…`;
 * podman: netavark creates `NETAVARK…`; libvirt: `LIBVIRT_…` since 5.1 (src/network/bridge_driver_linux);
 * ufw: `ufw-…`, `ufw6-…`, kept in /etc/ufw; fail2ban: `f2b-…` (`fail2ban-…` before 0.9), kept in its database;
 * firewalld with its iptables backend: chains of zones and policies, kept in /etc/firewalld.
 */
const managedChains: readonly { readonly owner: Owner; readonly names: RegExp }[] = [
  { owner: "docker", names: /^DOCKER(?:$|-(?!USER$))/ },
  { owner: "kubernetes", names: /^KUBE-/ },
  { owner: "cni", names: /^(?:CNI-(?!ADMIN$)|cali-|FLANNEL-)/ },
  { owner: "podman", names: /^NETAVARK[-_]/ },
  { owner: "libvirt", names: /^LIBVIRT_/ },
  { owner: "ufw", names: /^ufw6?-/ },
  { owner: "fail2ban", names: /^(?:f2b|fail2ban)-/ },
  { owner: "firewalld", names: /^(?:(?:PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)_(?:direct|ZONES|IN_|OUT_|POLICIES_)|(?:PRE|POST|IN|OUT|FWD|FWDI|FWDO)_)/ },
];

/** The owner of a chain by its name. */
export function ownerOfChain(name: string): Owner {
  return managedChains.find(({ names }) => names.test(name))?.owner ?? "administrator";
}

/** The owner of each rule of a dump. A rule that jumps to a managed chain was written with it. */
export function findOwners(file: SaveFile): ReadonlyMap<Rule, Owner> {
  const rules = listRules(file);
  const bridges = findDockerBridges(rules);
  const hasFirewalld = rules.some(({ chain }) => ownerOfChain(chain) === "firewalld");
  return new Map(rules.map((rule) => [rule, ownerOfRule(rule, bridges, hasFirewalld)]));
}

function ownerOfRule(rule: Rule, bridges: ReadonlySet<string>, hasFirewalld: boolean): Owner {
  const byChain = ownerOfChain(rule.chain);
  if (byChain !== "administrator") return byChain;
  const target = rule.target;
  const byTarget = target?.kind === "jump" || target?.kind === "goto" ? ownerOfChain(target.chain) : "administrator";
  if (byTarget !== "administrator") return byTarget;
  if (isDockersOwn(rule, bridges)) return "docker";
  return hasFirewalld && isFirewalldsOwn(rule) ? "firewalld" : "administrator";
}

/**
 * Interfaces that are Docker's bridges: those to which its filter chains, and the rules of FORWARD that lead there, send packets, and
 * the names that it gives by itself (docker0, docker_gwbridge, br- and 12 digits of the network's id).
 */
export function findDockerBridges(rules: readonly Rule[]): ReadonlySet<string> {
  const dockers = rules.filter(({ table, chain, target }) => table === "filter" && (ownerOfChain(chain) === "docker" || leadsToDocker(target)));
  const led = dockers.flatMap(({ matches }) => matches.flatMap((match) => (match.kind === "out-interface" && !match.negated ? [match.name] : [])));
  const named = rules.flatMap(interfacesOf).filter((name) => /^(?:docker0|docker_gwbridge|br-[0-9a-f]{12})$/.test(name));
  return new Set([...led, ...named]);
}

function leadsToDocker(target: Target | null): boolean {
  return target?.kind === "jump" && ownerOfChain(target.chain) === "docker";
}

function interfacesOf(rule: Rule): readonly string[] {
  return rule.matches.flatMap((match) => (isInterface(match) && !match.wildcard ? [match.name] : []));
}

function isInterface(match: Match): match is Match & InterfaceMatch {
  return match.kind === "in-interface" || match.kind === "out-interface";
}

/** Docker's rules in chains that are not its own, by their shape on engines 20.10 to 29 (test/fixtures/rulesets/recorded). */
function isDockersOwn(rule: Rule, bridges: ReadonlySet<string>): boolean {
  switch (`${rule.table} ${rule.chain}`) {
    case "filter DOCKER-USER":
      // The RETURN with which engines before 28.2.2 end it.
      return rule.target?.kind === "return" && isUnconditional(rule);
    case "filter FORWARD":
      return isBridgeVerdict(rule, bridges) || isJumpToUserChain(rule);
    case "nat POSTROUTING":
      return rule.target?.kind === "masquerade" && (namesBridge(rule, bridges) || isHairpin(rule));
    case "raw PREROUTING":
      return rule.target?.kind === "drop" && isDirectAccess(rule, bridges);
    default:
      return false;
  }
}

/** `-j DOCKER-USER`, which the engine puts first at its start; the administrator's own jump there would look the same and be its again. */
function isJumpToUserChain(rule: Rule): boolean {
  return rule.target?.kind === "jump" && rule.target.chain === "DOCKER-USER" && isUnconditional(rule);
}

/** `-o br --ctstate RELATED,ESTABLISHED ACCEPT`, `-i br ! -o br ACCEPT`, `-i br -o br ACCEPT` or DROP (icc off). */
export function isBridgeVerdict(rule: Rule, bridges: ReadonlySet<string>): boolean {
  const verdict = rule.target?.kind === "accept" || rule.target?.kind === "drop";
  return verdict && namesBridge(rule, bridges) && rule.matches.every((match) => isInterface(match) || isEstablished(match));
}

function isEstablished(match: Match): boolean {
  return match.kind === "conntrack" && match.states?.negated === false && match.states.value.every((state) => state === "ESTABLISHED" || state === "RELATED");
}

function namesBridge(rule: Rule, bridges: ReadonlySet<string>): boolean {
  const interfaces = interfacesOf(rule);
  return interfaces.length > 0 && interfaces.every((name) => bridges.has(name));
}

/** A container that reaches itself by its published port: source and destination are the same single address. */
function isHairpin(rule: Rule): boolean {
  const source = rule.matches.find(({ kind }) => kind === "source");
  const destination = rule.matches.find(({ kind }) => kind === "destination");
  if (source?.kind !== "source" || destination?.kind !== "destination") return false;
  return JSON.stringify(source.networks) === JSON.stringify(destination.networks);
}

/** Engines from 28 on: `-d CONTAINER ! -i br DROP`, and `-d 127.0.0.1 ! -i lo DROP` for ports published on loopback. */
function isDirectAccess(rule: Rule, bridges: ReadonlySet<string>): boolean {
  const entry = rule.matches.find((match) => match.kind === "in-interface");
  const hasDestination = rule.matches.some((match) => match.kind === "destination" && !match.negated);
  return hasDestination && entry?.kind === "in-interface" && entry.negated && (entry.name === "lo" || bridges.has(entry.name));
}

/** What firewalld's iptables backend puts into built-in chains itself: established, lo, INVALID, and the final REJECT. */
function isFirewalldsOwn(rule: Rule): boolean {
  const verdict = rule.target?.kind === "accept" || rule.target?.kind === "drop" || rule.target?.kind === "reject";
  return verdict && rule.matches.every((match) => match.kind === "conntrack" || (match.kind === "in-interface" && match.name === "lo"));
}
