/** The way of packets that the host itself sends: ip_route_output_key and ip6_route_output. */
import { findRoute, flowOf } from "./lookup.ts";
import type { HostNetwork, Route, RoutedPacket, Routing } from "./model.ts";
import { possibleSwitches } from "./switches.ts";

/** Local destinations leave by `lo` and come back by it: `forward` with `out: "lo"`. */
export function routeOutput(network: HostNetwork, packet: RoutedPacket): Routing {
  // 0.0.0.0 is the host itself.
  if (packet.family === 4 && packet.destination === 0n) return { kind: "forward", out: "lo", gateway: null };
  const ignore = new Set(possibleSwitches(network, packet.family, "lo").map(({ ignoreLinkdown }) => ignoreLinkdown));
  const found = findRoute(network, flowOf(packet), ignore.size === 1 && ignore.has(true));
  if (found.kind === "unknown") return found;
  if (found.kind === "none") return { kind: "drop", reason: "no route", answer: null };
  const type = found.kind === "refused" ? found.type : found.route.type;
  switch (type) {
    case "local":
    case "anycast":
      return { kind: "forward", out: "lo", gateway: null };
    case "unreachable":
      return { kind: "drop", reason: "unreachable route", answer: null };
    case "prohibit":
      return { kind: "drop", reason: "prohibit route", answer: null };
    case "blackhole":
      return { kind: "drop", reason: "blackhole route", answer: null };
    default:
      if (found.kind !== "route" || found.hop === null) return { kind: "drop", reason: "no route", answer: null };
      return { kind: "forward", out: found.hop.interface, gateway: isOnLinkMulticast(packet, found.route) ? null : found.hop.gateway };
  }
}

/** Multicast of IPv4 goes by the default route's interface, but to no gateway, where it has no route of its own. */
function isOnLinkMulticast({ family, destination }: RoutedPacket, route: Route): boolean {
  return family === 4 && destination >> 28n === 0xen && route.destination.length < 4;
}
