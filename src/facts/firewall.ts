/** The packet filters and the network of the engine's namespace, made ready for walks, from a snapshot's raw answers. */
import {
  findOwners, type Gap, type HostNetwork, lowerRulesets, NetworkError, openNetwork, parseIpsets, type Prepared, prepareFirewall, readNetwork, readNft, type Rulesets, type RuleSource, RulesetError,
} from "../netfilter/index.ts";
import type { SaveDump, Snapshot } from "../snapshot/model.ts";
import { listBridged } from "./network/bridged.ts";
import { judgeAbsence, whyFamilyUnseen } from "./ruleset/absent-program.ts";
import { parseDump, sayFault } from "./ruleset/read-dumps.ts";

export interface HostFirewall {
  readonly prepared: Prepared;
  /** Null where links, addresses and routes are not known. */
  readonly network: HostNetwork | null;
  /** Whether a rule is the administrator's, and not one that a program writes anew at its start. */
  readonly isAdministrators: (rule: Pick<RuleSource, "origin" | "line" | "table">) => boolean;
}

const read = new WeakMap<Snapshot, HostFirewall | string>();

/** Read once for a snapshot. What could not be read is a gap: packets that pass there have an unknown fate. A text is the reason why nothing is known at all. */
export function readFirewall(snapshot: Snapshot): HostFirewall | string {
  const known = read.get(snapshot) ?? readAll(snapshot);
  read.set(snapshot, known);
  return known;
}

function readAll(snapshot: Snapshot): HostFirewall | string {
  const { iptables, nftables } = snapshot.sources;
  if (iptables.data === null && nftables.data === null) return iptables.detail ?? iptables.status;
  const gaps: Gap[] = [];
  const rulesets = { saves: (iptables.data?.dumps ?? []).flatMap((dump) => readDump(dump, snapshot, gaps)), nft: readNftables(snapshot, gaps), ipsets: readIpsets(snapshot) };
  let trouble = "";
  const firewall = attempt(() => lowerRulesets(rulesets), (error) => { trouble = sayFault(error, "the rules"); });
  if (firewall === null) return trouble;
  // Each dump says for itself what became of it.
  if (iptables.data === null) gaps.push(...gapOf(iptables, "iptables-save"));
  else gaps.push(...(["v4", "v6"] as const).flatMap((family) => gapOfFamily(family, snapshot)));
  return { prepared: prepareFirewall({ ...firewall, gaps: [...firewall.gaps, ...gaps] }), network: readHostNetwork(snapshot), isAdministrators: ownerFinder(rulesets.saves) };
}

/** Tables of nft by the programs that fill them: Docker, firewalld, netavark, libvirt, kube-proxy. */
const MANAGED_TABLES: ReadonlySet<string> = new Set(["docker-bridges", "firewalld", "netavark", "libvirt_network", "kube-proxy"]);

function ownerFinder(saves: Rulesets["saves"]): HostFirewall["isAdministrators"] {
  const own = new Set(saves.flatMap(({ file, name }) => [...findOwners(file)].flatMap(([rule, owner]) => (owner === "administrator" ? [`${name} ${rule.line}`] : []))));
  return ({ origin, line, table }) => (line === null ? !MANAGED_TABLES.has(table) : own.has(`${origin} ${line}`));
}

function readDump(dump: SaveDump, snapshot: Snapshot, gaps: Gap[]): Rulesets["saves"] {
  const { backend, family, program, status, text } = dump;
  const version = family === "v4" ? 4 : 6;
  if (status === "absent") gaps.push(...gapOfAbsent(dump, snapshot));
  else if (text === null) gaps.push(...gapOf(dump, program, version));
  const file = text === null ? null : parseDump(dump);
  if (typeof file === "string") gaps.push({ family: version, hook: null, reason: file });
  return file === null || typeof file === "string" ? [] : [{ file, backend, name: program }];
}

/** What iptables-nft made nft lists too, as far as it has words for it. */
function gapOfAbsent(dump: SaveDump, snapshot: Snapshot): readonly Gap[] {
  const absence = judgeAbsence(dump, snapshot);
  return dump.backend === "nft" || absence.status !== "unread" ? [] : [{ family: dump.family === "v4" ? 4 : 6, hook: null, reason: absence.reason }];
}

function gapOfFamily(family: SaveDump["family"], snapshot: Snapshot): readonly Gap[] {
  const reason = whyFamilyUnseen(family, snapshot);
  return reason === null ? [] : [{ family: family === "v4" ? 4 : 6, hook: null, reason }];
}

const NFT = "nft -j list ruleset";

function readNftables({ sources: { nftables } }: Snapshot, gaps: Gap[]): Rulesets["nft"] {
  const { data } = nftables;
  if (data === null) gaps.push(...gapOf(nftables, NFT));
  const ruleset = data === null ? null : attempt(() => readNft(data), (error) => gaps.push({ family: null, hook: null, reason: sayFault(error, NFT) }));
  return ruleset === null ? null : { ruleset, name: NFT };
}

/** Null: rules that ask a set are not understood. */
function readIpsets({ sources: { ipset } }: Snapshot): Rulesets["ipsets"] {
  const { data } = ipset;
  return data === null ? null : attempt(() => parseIpsets(data), () => null);
}

/** What is not installed holds nothing. */
function gapOf({ status, detail }: Pick<SaveDump, "status" | "detail">, program: string, family: 4 | 6 | null = null): readonly Gap[] {
  return status === "absent" ? [] : [{ family, hook: null, reason: `${program}: ${detail ?? status}` }];
}

function attempt<T>(read: () => T, onError: (error: RulesetError) => unknown): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RulesetError)) throw error;
    onError(error);
    return null;
  }
}

/** Null where a part of it could not be read: half a routing table tells wrong ways. */
function readHostNetwork(snapshot: Snapshot): HostNetwork | null {
  const { addresses, sysctl } = snapshot.sources;
  if (addresses.status !== "ok" || addresses.data === null) return null;
  try {
    return openNetwork(readNetwork(addresses.data, sysctl.data?.netError === null ? sysctl.data.host : null), listBridged(snapshot));
  } catch (error) {
    if (error instanceof NetworkError) return null;
    throw error;
  }
}
