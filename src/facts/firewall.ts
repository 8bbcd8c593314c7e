/** The packet filters and the network of the engine's namespace, made ready for walks, from a snapshot's raw answers. */
import {
  type Firewall, type Gap, type HostNetwork, joinFirewalls, lowerSave, NetworkError, openNetwork, parseSave, type Prepared, prepareFirewall, readNetwork, RulesetError,
} from "../netfilter/index.ts";
import type { SaveDump, Snapshot } from "../snapshot/model.ts";
import { listNativeTables } from "./ruleset/native.ts";

export interface HostFirewall {
  readonly prepared: Prepared;
  /** Null where links, addresses and routes are not known. */
  readonly network: HostNetwork | null;
}

/** What could not be read is a gap: packets that pass there have an unknown fate. A text is the reason why nothing is known at all. */
export function readFirewall(snapshot: Snapshot): HostFirewall | string {
  const { iptables, nftables } = snapshot.sources;
  if (iptables.data === null && nftables.data === null) return iptables.detail ?? iptables.status;
  const dumps = iptables.data?.dumps ?? [];
  const firewall = joinFirewalls([...dumps.map(readDump), { tables: [], gaps: listGaps(snapshot) }]);
  return { prepared: prepareFirewall(firewall), network: readHostNetwork(snapshot) };
}

/** A back end that is not installed holds nothing. */
function readDump({ backend, family, program, status, detail, text }: SaveDump): Firewall {
  if (status === "absent") return { tables: [], gaps: [] };
  if (text === null) return gap(family, `${program}: ${detail ?? status}`);
  try {
    return lowerSave(parseSave(text, family === "v4" ? 4 : 6), { backend, name: program, sets: () => null });
  } catch (error) {
    if (error instanceof RulesetError) return gap(family, `${program}: ${error.message}`);
    throw error;
  }
}

function gap(family: "v4" | "v6", reason: string): Firewall {
  return { tables: [], gaps: [{ family: family === "v4" ? 4 : 6, hook: null, reason }] };
}

function listGaps({ sources: { iptables, nftables } }: Snapshot): Gap[] {
  const unread = [iptables, nftables].filter(({ status, data }) => data === null && (status === "denied" || status === "failed"));
  const native = nftables.data === null ? [] : listNativeTables(nftables.data).map((name) => `table ${name} of nft is not analysed`);
  return [...unread.map(({ detail, status }) => detail ?? status), ...native].map((reason) => ({ family: null, hook: null, reason }));
}

/** Null where a part of it could not be read: half a routing table tells wrong ways. */
export function readHostNetwork({ sources: { addresses, sysctl } }: Snapshot): HostNetwork | null {
  if (addresses.status !== "ok" || addresses.data === null) return null;
  try {
    return openNetwork(readNetwork(addresses.data, sysctl.data?.netError === null ? sysctl.data.host : null));
  } catch (error) {
    if (error instanceof NetworkError) return null;
    throw error;
  }
}
