/** Bridges whose isolation rests on a packet filter that they do not call. */
import type { Snapshot } from "../../snapshot/model.ts";
import { deriveNetworks } from "../network.ts";
import type { Ruleset } from "../model/ruleset.ts";
import type { Part } from "../part.ts";
import { numberAt, textAt } from "../raw.ts";
import type { Family } from "./read-dumps.ts";

type BridgePart = Part<Pick<Ruleset, "unfilteredBridges">>;

const SWITCHES: Readonly<Record<Family, readonly [key: string, own: string]>> = {
  v4: ["net.bridge.bridge-nf-call-iptables", "nf_call_iptables"],
  v6: ["net.bridge.bridge-nf-call-ip6tables", "nf_call_ip6tables"],
};

/**
 * Traffic within a bridge meets iptables only with br_netfilter loaded and its switch on, for all bridges or for that one (Documentation/networking/ip-sysctl.rst,
 * net.bridge.*). Without the module the key is not there.
 */
export function findUnfilteredBridges(family: Family, snapshot: Snapshot): BridgePart {
  const { sysctl, addresses } = snapshot.sources;
  const closed = deriveNetworks(snapshot).resources.filter(({ icc, bridge, driver, ipv6 }) => driver === "bridge" && !icc && bridge !== null && (family === "v4" || ipv6));
  if (closed.length === 0) return { value: { unfilteredBridges: [] } };
  const [key, own] = SWITCHES[family];
  if (sysctl.data === null || sysctl.data.netError !== null || addresses.data === null) {
    const reason = sysctl.data === null ? (sysctl.detail ?? sysctl.status) : (sysctl.data.netError ?? addresses.detail ?? addresses.status);
    return { value: { unfilteredBridges: [] }, unknown: { "/unfilteredBridges": reason } };
  }
  const value = sysctl.data.host[key];
  if (value === "1") return { value: { unfilteredBridges: [] } };
  const links = addresses.data.links;
  const calls = (bridge: string | null): boolean => numberAt(links.find((link) => textAt(link, "ifname") === bridge), "linkinfo", "info_data", own) === 1;
  const found = closed.filter(({ bridge }) => !calls(bridge)).map(({ name, bridge }) => ({ key: name, network: name, bridge: bridge ?? "", setting: `${key} is ${value ?? "not there: br_netfilter is not loaded"}` }));
  return { value: { unfilteredBridges: found }, origins: Object.fromEntries(found.map((_, index) => [`/unfilteredBridges/${index}`, { source: "sysctl", key }])) };
}
