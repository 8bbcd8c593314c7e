/** The decision for IPv4: ip_route_input_slow of net/ipv4/route.c. */
import { findRoute, flowOf } from "./lookup.ts";
import type { NetworkState, RoutedPacket, Routing, RoutingError } from "./model.ts";
import { judgeSource } from "./sources.ts";
import type { Switches } from "./switches.ts";

const LIMITED_BROADCAST = 0xffffffffn;
/** 224.0.0.1, of which every host is a member. */
const ALL_HOSTS = 0xe0000001n;

export function routeInput4(network: NetworkState, packet: RoutedPacket & { readonly in: string }, switches: Switches): Routing {
  const { source, destination } = packet;
  if (isMulticast(destination)) return routeMulticast(network, packet, switches);
  if (isMulticast(source) || source === LIMITED_BROADCAST) return dropped("martian source");
  if (destination === LIMITED_BROADCAST || (source === 0n && destination === 0n)) return deliverBroadcast(network, packet, switches);
  if (source === 0n) return dropped("martian source");
  if (destination === 0n) return dropped("martian destination");
  if (!switches.routeLocalnet) {
    if (isLoopback(destination)) return dropped("martian destination");
    if (isLoopback(source)) return dropped("martian source");
  }
  return followRoute(network, packet, switches);
}

function followRoute(network: NetworkState, packet: RoutedPacket & { readonly in: string }, switches: Switches): Routing {
  const found = findRoute(network, flowOf(packet), switches.ignoreLinkdown);
  if (found.kind === "unknown") return found;
  if (found.kind === "none") return switches.forwarding ? dropped("no route", "net-unreachable") : dropped("forwarding is off");
  const type = found.kind === "refused" ? found.type : found.route.type;
  if (type === "broadcast" && !switches.broadcastForwarding) return deliverBroadcast(network, packet, switches);
  if (type === "local") return ifValid(judgeSource(network, packet, null, switches), { kind: "local", type: "unicast" });
  // A host that does not forward answers nobody.
  if (!switches.forwarding && type !== "broadcast") return dropped("forwarding is off");
  if (type === "unreachable") return dropped("unreachable route", "host-unreachable");
  if (type === "prohibit") return dropped("prohibit route", "admin-prohibited");
  if (type === "blackhole") return dropped("blackhole route");
  if (found.kind !== "route" || found.hop === null || (type !== "unicast" && type !== "broadcast")) return dropped("martian destination");
  const { interface: out, gateway } = found.hop;
  return ifValid(judgeSource(network, packet, out, switches), { kind: "forward", out, gateway });
}

function deliverBroadcast(network: NetworkState, packet: RoutedPacket & { readonly in: string }, switches: Switches): Routing {
  const local: Routing = { kind: "local", type: "broadcast" };
  return packet.source === 0n ? local : ifValid(judgeSource(network, { ...packet, destination: 0n }, null, switches), local);
}

/** Which other groups the host is a member of is in no output of ip -j. */
function routeMulticast(network: NetworkState, packet: RoutedPacket & { readonly in: string }, switches: Switches): Routing {
  const { source, destination } = packet;
  if (isMulticast(source) || source === LIMITED_BROADCAST) return dropped("martian source");
  if (isLoopback(source) && !switches.routeLocalnet) return dropped("martian source");
  if (destination !== ALL_HOSTS) return { kind: "unknown", reason: "the host's multicast groups are not known" };
  const local: Routing = { kind: "local", type: "multicast" };
  // From 0.0.0.0 to a group of the link only.
  return source === 0n ? local : ifValid(judgeSource(network, { ...packet, destination: 0n }, null, switches), local);
}

function ifValid(verdict: ReturnType<typeof judgeSource>, routing: Routing): Routing {
  if (verdict === "valid") return routing;
  return typeof verdict === "string" ? dropped(verdict) : { kind: "unknown", reason: verdict.unknown };
}

function dropped(reason: Extract<Routing, { kind: "drop" }>["reason"], answer: RoutingError | null = null): Routing {
  return { kind: "drop", reason, answer };
}

function isMulticast(address: bigint): boolean {
  return address >> 28n === 0xen;
}

function isLoopback(address: bigint): boolean {
  return address >> 24n === 127n;
}
