/** Packets between two ports of one bridge: they meet the IP filters only where br_netfilter hands them over. */
import { formatAddress } from "../addresses.ts";
import { type Flow, toAddress, unknown } from "./flow.ts";
import { walkHook } from "./hook.ts";
import type { HostNetwork, NetworkLink } from "./network.ts";
import type { Delivery, End, Run } from "./run.ts";

export interface BridgeArrival {
  readonly bridge: string;
  /** br_netfilter hands its packets to the IP filters. */
  readonly filtered: boolean;
  /** The destination is behind the same bridge, on the link, and not this host. */
  readonly stays: boolean;
}

/** Puts the bridge in the place of its port. Null: no bridge, or nothing is known of one. */
export function findBridge({ flow, network }: Run): BridgeArrival | null {
  const link = network === null || flow.in === unknown ? null : network.link(flow.in);
  if (network === null || link === null) return null;
  const master = link.master === null ? null : network.link(link.master);
  const bridge = link.kind === "bridge" ? link : master?.kind === "bridge" ? master : null;
  if (bridge === null) return null;
  const filtered = isFiltered(network, bridge, flow.family);
  if (filtered) flow.physicalIn = bridge === link ? unknown : link.name;
  flow.in = bridge.name;
  return { bridge: bridge.name, filtered, stays: staysOn(flow, network, bridge.name) };
}

function isFiltered(network: HostNetwork, bridge: NetworkLink, family: 4 | 6): boolean {
  return bridge.bridgeFilters[family] || network.sysctl(family === 4 ? "net.bridge.bridge-nf-call-iptables" : "net.bridge.bridge-nf-call-ip6tables") === "1";
}

function staysOn(flow: Flow, network: HostNetwork, bridge: string): boolean {
  const destination = toAddress(flow.family, flow.destination);
  if (destination === null || network.isLocal(destination, bridge) !== false) return false;
  // The bridge floods what is for all, and hears it itself.
  const type = network.addressType(destination, null);
  if (type === "broadcast" || type === "multicast") return false;
  // Where this host has no address on the bridge, no route tells what is behind it.
  if (network.isBehind(destination, bridge)) return true;
  const { mark, protocol } = flow;
  const route = network.routeOutput({ source: destination, destination, mark, protocol, sourcePort: null, destinationPort: null });
  return route.kind === "out" && route.out === bridge && route.gateway === null;
}

/** FORWARD and POSTROUTING between two ports. The port by which it leaves is not known. */
export function forwardOnBridge(run: Run, bridge: string): Delivery {
  run.flow.out = bridge;
  run.flow.physicalOut = unknown;
  return walkHook(run, "forward") ?? walkHook(run, "postrouting") ?? handOn(run, bridge);
}

/** The bridge alone decides. */
export function handOn(run: Run, bridge: string): Delivery {
  run.flow.out = bridge;
  run.hops.push({
    hook: "bridge", family: null, table: null, chain: null, rule: null, source: null,
    action: `stays on ${bridge}`,
    why: "source and destination are behind the same bridge",
    open: null,
  });
  return { verdict: "accept", delivered: "forward" };
}

/**
 * What a rule turned back to the address that it came from: a bridge sends nothing out by the port by which it came, unless that is a hairpin (should_deliver of
 * net/bridge/br_forward.c). Whether the address is the sender's own, or another's behind another port, only the bridge knows.
 */
export function refuseHairpin({ flow, network, choose, onSource }: Run, bridge: string): End | null {
  const { family, source, destination, physicalIn } = flow;
  if (destination === unknown || physicalIn === unknown || network?.link(physicalIn)?.hairpin === true) return null;
  onSource([destination, destination + 1n]);
  if (source !== destination) return null;
  const address = formatAddress({ family, value: destination });
  return choose({ cause: "routing", text: `whether ${address} is behind another port than ${physicalIn}` }, null) ? null : { verdict: "drop", reason: `${bridge} sends nothing back by the port by which it came` };
}
