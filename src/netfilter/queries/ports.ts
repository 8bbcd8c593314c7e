/** Rules that ask for a published port where packets no longer have it. */
import type { Match } from "../matches.ts";
import type { Chain, Rule, SaveFile, Table } from "../model.ts";
import type { Range } from "../terms.ts";
import { findDockerBridges, findOwners } from "./owners.ts";
import { listRules, referTo, type RuleReference } from "./references.ts";

/** A port of the host that is translated to another one of a container. */
export interface TranslatedPort {
  /** Number of the transport protocol. */
  readonly protocol: number;
  readonly hostPort: number;
  readonly containerPort: number;
}

export interface MismatchedPort {
  readonly rule: RuleReference;
  readonly port: TranslatedPort;
}

/**
 * The administrator's rules that only forwarded packets meet and that name a published port as destination: translation has put the container's
 * port in its place before (nat PREROUTING comes first). What containers send to that port elsewhere has it, so rules for packets from Docker's
 * bridges are left out, and so is a port that some container really has.
 */
export function findMismatchedPorts(file: SaveFile, ports: readonly TranslatedPort[]): readonly MismatchedPort[] {
  const real = new Set(ports.map(({ protocol, containerPort }) => `${protocol} ${containerPort}`));
  const moved = ports.filter(({ protocol, hostPort }) => !real.has(`${protocol} ${hostPort}`));
  if (moved.length === 0) return [];
  const bridges = findDockerBridges(listRules(file));
  const owners = findOwners(file);
  return file.tables.filter(({ name }) => name === "filter" || name === "mangle").flatMap((table) => {
    const rules = listForwardedOnly(table).flatMap(({ rules: own }) => own).filter((rule) => owners.get(rule) === "administrator" && !comesFromBridge(rule, bridges));
    return rules.flatMap((rule) => {
      const port = moved.find((candidate) => names(rule, candidate));
      return port === undefined ? [] : [{ rule: referTo(rule), port }];
    });
  });
}

/** Chains that FORWARD or POSTROUTING lead to, and no hook before or beside translation does. */
function listForwardedOnly({ chains }: Table): readonly Chain[] {
  const after = reachFrom(chains, ["FORWARD", "POSTROUTING"]);
  const others = reachFrom(chains, ["PREROUTING", "INPUT", "OUTPUT"]);
  return chains.filter(({ name }) => after.has(name) && !others.has(name));
}

function reachFrom(chains: readonly Chain[], starts: readonly string[]): ReadonlySet<string> {
  const byName = new Map(chains.map((chain) => [chain.name, chain]));
  const reached = new Set<string>();
  const open = [...starts];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    for (const { target } of byName.get(name)?.rules ?? []) if (target?.kind === "jump" || target?.kind === "goto") open.push(target.chain);
  }
  return reached;
}

function comesFromBridge({ matches }: Rule, bridges: ReadonlySet<string>): boolean {
  return matches.some((match) => match.kind === "in-interface" && !match.negated && (bridges.has(match.name) || (match.wildcard && [...bridges].some((bridge) => bridge.startsWith(match.name)))));
}

function names({ matches }: Rule, { protocol, hostPort }: TranslatedPort): boolean {
  const speaks = matches.some((match) => match.kind === "protocol" && !match.negated && match.number === protocol);
  return speaks && matches.some((match) => rangesOf(match).some(({ from, to }) => from === hostPort && to === hostPort));
}

function rangesOf(match: Match): readonly Range[] {
  if (match.kind === "tcp" || match.kind === "udp") return match.destinationPorts === null || match.destinationPorts.negated ? [] : [match.destinationPorts.value];
  return match.kind === "multiport" && !match.negated && match.side === "destination" ? match.ports : [];
}
