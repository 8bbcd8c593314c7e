/** The way of packets that the host itself sends: ip_route_output_key and ip6_route_output. */
import { findRoute, flowOf } from "./lookup.ts";
import type { NetworkState, Route, RoutedPacket, Routing } from "./model.ts";
import { possibleSwitches } from "./switches.ts";

/** Local destinations leave by `lo` and come back by it: `forward` with `out: "lo"`. */
export function routeOutput(network: NetworkState, packet: RoutedPacket): Routing {
  // 0.0.0.0 is the host itself.
  if (packet.family === 4 && packet.destination === 0n) return { kind: "forward", out: "lo", gateway: null };
  const ignore = new Set(possibleSwitches(network, packet.family, "lo").map(({ ignoreLinkdown }) => ignoreLinkdown));
  const found = findRoute(network, flowOf(packet), ignore.size === 1 && ignore.has(true));
  if (found.kind === "unknown") return found;
  if (found.kind === "none") return { kind: "drop", reason: "no route", answer: null };
  const type = found.kind === "refused" ? found.type : found.route.type;
  if (type === "local" || type === "anycast") return { kind: "forward", out: "lo", gateway: null };
  if (type === "blackhole" || type === "unreachable" || type === "prohibit") return { kind: "drop", reason: `${type} route`, answer: null };
  if (found.kind !== "route" || found.hop === null) return { kind: "drop", reason: "no route", answer: null };
  return { kind: "forward", out: found.hop.interface, gateway: staysOnLink(packet, found.route) ? null : found.hop.gateway };
}

/** Limited broadcast, and multicast without a route of its own, go by the default route's interface, but to no gateway. */
function staysOnLink({ family, destination }: RoutedPacket, route: Route): boolean {
  if (family === 6) return false;
  return destination === 0xffffffffn || (destination >> 28n === 0xen && route.destination.length < 4);
}
