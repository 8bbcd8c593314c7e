/**
 * The protective rule set for iptables-restore --noflush, in the spelling of iptables-save.
 *
 * No accept and no ESTABLISHED rule stands before the limits: a retransmitted SYN is ESTABLISHED, and a flood on one 5-tuple would pass. No
 * port is named: behind DNAT only the container's is visible, and direct routing meets no DNAT. Traffic from containers is never limited.
 */
import type { Family, Limits } from "../model.ts";
import type { BridgeName } from "./bridges.ts";
import { idleSeconds } from "./limits.ts";

export const OWN_CHAINS = ["HARDEN-BUSY", "HARDEN-DROP", "HARDEN-FWD", "HARDEN-IN", "HARDEN-TCP"] as const;

/** Whether that is the name of a chain of ours. */
export function isOwnChain(name: unknown): boolean {
  return OWN_CHAINS.some((own) => own === name);
}

/** A rule that hands packets to us: the chain it stands in and the chain of ours. */
export interface Jump {
  readonly from: string;
  readonly to: string;
}

export const JUMPS: readonly Jump[] = [
  { from: "INPUT", to: "HARDEN-IN" },
  { from: "DOCKER-USER", to: "HARDEN-FWD" },
];

/** The file, with those jumps that the planned-on rule set lacks, each at the top of its chain. */
export function renderIptablesRules(family: Family, bridges: readonly BridgeName[], limits: Limits, jumps: readonly Jump[]): string {
  const lines = [
    "*filter",
    ...OWN_CHAINS.map((chain) => `:${chain} - [0:0]`),
    ...logged("HARDEN-BUSY", limits, "-p tcp -j REJECT --reject-with tcp-reset"),
    ...logged("HARDEN-DROP", limits, "-j DROP"),
    ...bridges.map((bridge) => `-A HARDEN-FWD -i ${pattern(bridge)} -j RETURN`),
    ...bridges.map((bridge) => `-A HARDEN-FWD -o ${pattern(bridge)} -p tcp -j HARDEN-TCP`),
    "-A HARDEN-IN -i lo -j RETURN",
    ...bridges.map((bridge) => `-A HARDEN-IN -i ${pattern(bridge)} -j RETURN`),
    "-A HARDEN-IN -p tcp -j HARDEN-TCP",
    ...limitTcp(family, limits),
    ...jumps.map(({ from, to }) => `-I ${from} 1 -j ${to}`),
    "COMMIT",
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** A log line within the limit, then the end of the packet. */
function logged(chain: string, { logRate }: Limits, end: string): string[] {
  return [`-A ${chain} -m limit --limit ${logRate}/min -j LOG --log-prefix "${chain}: "`, `-A ${chain} ${end}`];
}

function limitTcp(family: Family, limits: Limits): string[] {
  const rule = (match: string, target: string): string => `-A HARDEN-TCP -p tcp ${match} -j ${target}`;
  return [
    ...SCANS.map((flags) => rule(`-m tcp --tcp-flags ${flags}`, "HARDEN-DROP")),
    rule(`-m tcp --tcp-flags ${SYN} ${hashlimit("syn", family, limits)}`, "HARDEN-DROP"),
    // Limited, not dropped: connections that are older than connection tracking begin with a lone ACK.
    rule(`-m tcp ! --tcp-flags ${SYN} -m conntrack --ctstate NEW ${hashlimit("new", family, limits)}`, "HARDEN-DROP"),
    rule(`-m tcp --tcp-flags ${SYN} -m connlimit --connlimit-above ${limits.connections} --connlimit-mask ${family === "v4" ? 32 : 64} --connlimit-saddr`, "HARDEN-BUSY"),
  ];
}

const ALL_FLAGS = "FIN,SYN,RST,PSH,ACK,URG";
const SYN = "FIN,SYN,RST,ACK SYN";
/** NULL; XMAS with all six flags and as nmap sends it; two pairs that no client sends. */
const SCANS = [`${ALL_FLAGS} NONE`, `${ALL_FLAGS} ${ALL_FLAGS}`, `${ALL_FLAGS} FIN,PSH,URG`, "FIN,SYN FIN,SYN", "SYN,RST SYN,RST"];

/**
 * By source: a bucket for everybody would let one sender starve all others. An IPv6 host owns a /64. A bucket of the same name keeps the
 * numbers that it was made with, so the numbers are part of the name.
 */
function hashlimit(what: string, family: Family, limits: Limits): string {
  const { rate, burst } = limits;
  const mask = family === "v4" ? "" : " --hashlimit-srcmask 64";
  return `-m hashlimit --hashlimit-above ${rate}/sec --hashlimit-burst ${burst} --hashlimit-mode srcip --hashlimit-name harden-${what}-${rate}-${burst}` +
    ` --hashlimit-htable-expire ${idleSeconds(limits) * 1000}${mask}`;
}

function pattern({ name, prefix }: BridgeName): string {
  return prefix ? `${name}+` : name;
}
