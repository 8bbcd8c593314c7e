/** The decision for IPv6: ip6_route_input of net/ipv6/route.c, and what ip6_forward refuses before the FORWARD hook. */
import { findRoute, flowOf } from "./lookup.ts";
import type { NetworkState, RoutedPacket, Routing, RoutingError } from "./model.ts";
import type { Switches } from "./switches.ts";

/** ff02::1, of which every host is a member. */
const ALL_NODES = 0xff02n << 112n | 1n;
/** ff02::1:ff00:0/104, which end in the last 24 bits of an own address. */
const SOLICITED_NODE = 0xff020000000000000000000001ffn;

export function routeInput6(network: NetworkState, packet: RoutedPacket & { readonly in: string }, switches: Switches): Routing {
  if (isMulticast(packet.destination)) return routeMulticast(network, packet);
  const found = findRoute(network, flowOf(packet), switches.ignoreLinkdown);
  if (found.kind === "unknown") return found;
  if (found.kind === "none") return dropped("no route", "no-route");
  const type = found.kind === "refused" ? found.type : found.route.type;
  if (type === "unreachable") return dropped("unreachable route", "no-route");
  if (type === "prohibit") return dropped("prohibit route", "admin-prohibited");
  if (type === "blackhole") return dropped("blackhole route");
  if (type === "local") return { kind: "local", type: "unicast" };
  if (type === "anycast") return { kind: "local", type: "anycast" };
  if (found.kind !== "route" || found.hop === null) return dropped("no route");
  if (!switches.forwarding) return dropped("forwarding is off");
  const { interface: out, gateway } = found.hop;
  if (out !== packet.in) {
    if (packet.source === 0n || packet.source === 1n || isMulticast(packet.source)) return dropped("source may not be forwarded");
    if (isLinkLocal(packet.source)) return dropped("source may not be forwarded", "not-neighbour");
  }
  return { kind: "forward", out, gateway };
}

/** Which other groups the host is a member of is in no output of ip -j. */
function routeMulticast(network: NetworkState, { in: name, destination }: RoutedPacket): Routing {
  const own = network.addresses.filter(({ family, interface: other }) => family === 6 && other === name);
  const solicited = destination >> 24n === SOLICITED_NODE && own.some(({ address }) => (address & 0xffffffn) === (destination & 0xffffffn));
  if (destination === ALL_NODES || solicited) return { kind: "local", type: "multicast" };
  return { kind: "unknown", reason: "the host's multicast groups are not known" };
}

function dropped(reason: Extract<Routing, { kind: "drop" }>["reason"], answer: RoutingError | null = null): Routing {
  return { kind: "drop", reason, answer };
}

function isMulticast(address: bigint): boolean {
  return address >> 120n === 0xffn;
}

function isLinkLocal(address: bigint): boolean {
  return address >> 118n === 0x3fan;
}
