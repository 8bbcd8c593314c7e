/** All extensions that are modelled, by the name that -m and -j give. */
import type { Condition } from "../matches.ts";
import type { Action } from "../targets.ts";
import { type Extension, Unmodelled } from "./given.ts";
import { conntrackExtensions } from "./matches/conntrack.ts";
import { contentExtensions } from "./matches/contents.ts";
import { originExtensions } from "./matches/origins.ts";
import { portExtensions } from "./matches/ports.ts";
import { rateExtensions } from "./matches/rates.ts";
import { timeExtensions } from "./matches/time.ts";
import { protocolNumber } from "./names.ts";
import { continuingExtensions } from "./targets/continuing.ts";
import { markExtensions } from "./targets/marks.ts";
import { natExtensions } from "./targets/nat.ts";
import { verdictExtensions } from "./targets/verdicts.ts";

/** Not modelled, but their value may be any word, even `-j`, and iptables-save prints it unquoted: it has to be counted. */
const freeText: Readonly<Record<string, Extension<Condition>>> = {
  helper: { options: { "--helper": 1 }, build: refuse },
  nfacct: { options: { "--nfacct-name": 1 }, build: refuse },
};

const matches = new Map(
  Object.entries({
    ...portExtensions, ...conntrackExtensions, ...rateExtensions, ...originExtensions, ...contentExtensions, ...timeExtensions, ...freeText,
  }),
);

const targets = new Map(Object.entries({ ...verdictExtensions, ...natExtensions, ...markExtensions, ...continuingExtensions }));

/** Other spellings of -m that iptables accepts. */
const aliases = new Map([["icmpv6", "icmp6"], ["ipv6-icmp", "icmp6"]]);

/** The match extension of that name; null if it is not modelled. */
export function findMatchExtension(name: string): Extension<Condition> | null {
  return matches.get(aliases.get(name) ?? name) ?? null;
}

/** Other target extensions of iptables: -j never means a chain of that name. */
const unmodelled: ReadonlySet<string> = new Set(["CLUSTERIP", "DNPT", "HMARK", "NETMAP", "SET", "SNPT", "TPROXY"]);

/**
 * What -j NAME means: a modelled extension, a chain, or null for what is unknown. An extension goes before a chain of the same name,
 * as in iptables.
 */
export function findTarget(name: string, chains: ReadonlySet<string>): Extension<Action> | "chain" | null {
  const extension = targets.get(name);
  if (extension !== undefined) return extension;
  return chains.has(name) && !unmodelled.has(name) ? "chain" : null;
}

const protocolExtensions = new Map([[1, "icmp"], [6, "tcp"], [17, "udp"], [58, "icmp6"], [132, "sctp"]]);

/** The extension that `-p PROTOCOL` loads when an option needs it. */
export function protocolExtension(protocol: string): string | null {
  return protocolExtensions.get(protocolNumber(protocol) ?? 0) ?? null;
}

function refuse(): never {
  throw new Unmodelled("not modelled");
}
