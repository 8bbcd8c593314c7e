/**
 * The same protective rule set as own nft tables, for families without a DOCKER-USER that container traffic meets: the engine's
 * nftables back end has none, engine 20.10 none for IPv6.
 *
 * Priority filter - 5 comes before Docker's chains of either back end; an accept there could not override their drops, and none is here.
 */
import type { Family, Limits } from "../model.ts";
import type { BridgeName } from "./bridges.ts";
import { idleSeconds } from "./limits.ts";

/** The file for nft -f. Loading it again replaces the tables in one transaction. */
export function renderNftTables(families: readonly Family[], bridges: readonly BridgeName[], limits: Limits): string {
  return families.map((family) => renderTable(family, bridges, limits)).join("");
}

/** The table as nft names it. */
export function nftTable(family: Family): string {
  return family === "v4" ? "ip harden" : "ip6 harden";
}

function renderTable(family: Family, bridges: readonly BridgeName[], limits: Limits): string {
  const table = nftTable(family);
  const returns = bridges.map((bridge) => `iifname ${pattern(bridge)} return`);
  const outgoing = bridges.map((bridge) => `oifname ${pattern(bridge)} meta l4proto tcp jump tcp_limits`);
  const blocks = [
    ...bucketSet("syn", family, ["flags dynamic,timeout", `timeout ${idleSeconds(limits)}s`]),
    ...bucketSet("new", family, ["flags dynamic,timeout", `timeout ${idleSeconds(limits)}s`]),
    ...bucketSet("connections", family, ["flags dynamic"]),
    ...chain("input", [hook("input"), 'iifname "lo" return', ...returns, "meta l4proto tcp jump tcp_limits"]),
    ...chain("forward", [hook("forward"), ...returns, ...outgoing]),
    ...chain("tcp_limits", limitTcp(family, limits)),
    ...chain("discard", [log("HARDEN-DROP", limits), "drop"]),
    ...chain("busy", [log("HARDEN-BUSY", limits), "reject with tcp reset"]),
  ];
  // Declared, so that the deletion succeeds whether or not the table was there.
  return [`table ${table}`, `delete table ${table}`, `table ${table} {`, ...blocks.map((line) => `\t${line}`), "}"].map((line) => `${line}\n`).join("");
}

function limitTcp(family: Family, { rate, burst, connections }: Limits): string[] {
  const source = family === "v4" ? "ip saddr" : "ip6 saddr & ffff:ffff:ffff:ffff::";
  const bucket = `{ ${source} limit rate over ${rate}/second burst ${burst} packets }`;
  const syn = (comparison: string): string => `tcp flags & (fin | syn | rst | ack) ${comparison} syn`;
  return [
    ...SCANS.map(([mask, flags]) => `tcp flags & (${mask}) == ${flags} jump discard`),
    `${syn("==")} update @syn ${bucket} jump discard`,
    `${syn("!=")} ct state new update @new ${bucket} jump discard`,
    `${syn("==")} add @connections { ${source} ct count over ${connections} } jump busy`,
  ];
}

const ALL_FLAGS = "fin | syn | rst | psh | ack | urg";
const SCANS = [
  [ALL_FLAGS, "0x0"],
  [ALL_FLAGS, ALL_FLAGS],
  [ALL_FLAGS, "fin | psh | urg"],
  ["fin | syn", "fin | syn"],
  ["syn | rst", "syn | rst"],
] as const;

/** One element a source. A full set lets new sources pass: visitors are not shut out by spoofed ones. */
function bucketSet(name: string, family: Family, options: readonly string[]): string[] {
  return [`set ${name} {`, ...[`type ${family === "v4" ? "ipv4_addr" : "ipv6_addr"}`, "size 65535", ...options].map((line) => `\t${line}`), "}"];
}

function chain(name: string, rules: readonly string[]): string[] {
  return [`chain ${name} {`, ...rules.map((rule) => `\t${rule}`), "}"];
}

function hook(name: string): string {
  return `type filter hook ${name} priority filter - 5; policy accept;`;
}

function log(prefix: string, { logRate }: Limits): string {
  return `limit rate ${logRate}/minute burst 5 packets log prefix "${prefix}: "`;
}

function pattern({ name, prefix }: BridgeName): string {
  return `"${name}${prefix ? "*" : ""}"`;
}
