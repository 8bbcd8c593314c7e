/** Whether a source may stand behind an interface: fib_validate_source of net/ipv4/fib_frontend.c. IPv6 has no such check. */
import { findRoute, hasDefaultRules } from "./lookup.ts";
import type { NetworkState, RoutedPacket } from "./model.ts";
import type { Switches } from "./switches.ts";

export type SourceVerdict = "valid" | "martian source" | "reverse path filter" | { readonly unknown: string };

/** `out`: where the packet would go, null for packets to the host. The packet came by an interface. */
export function judgeSource(network: NetworkState, packet: RoutedPacket & { readonly in: string }, out: string | null, switches: Switches): SourceVerdict {
  const redirects = packet.in === out && switches.sendRedirects;
  if (switches.reversePath === 0 && !redirects) {
    if (switches.acceptLocal) return "valid";
    if (!hasCustomRoutes(network)) return network.addresses.some(({ family, address }) => family === 4 && address === packet.source) ? "martian source" : "valid";
  }
  return checkReversePath(network, packet, out, switches);
}

/** Local routes of somebody's own, or routing rules: then the addresses do not tell what is local. */
function hasCustomRoutes({ routes, rules }: NetworkState): boolean {
  return routes.some(({ family, type, automatic }) => family === 4 && type === "local" && !automatic) || (rules[4] !== null && !hasDefaultRules(rules[4], 4));
}

function checkReversePath(network: NetworkState, packet: RoutedPacket & { readonly in: string }, out: string | null, switches: Switches): SourceVerdict {
  const filter = switches.reversePath;
  const flow = { family: 4, source: packet.destination, destination: packet.source, in: out ?? "lo", out: null, strict: false, mark: switches.sourceValidMark ? packet.mark : 0 } as const;
  const lastResort = filter === 0 ? "valid" : "reverse path filter";
  const found = findRoute(network, flow, switches.ignoreLinkdown);
  if (found.kind === "unknown") return { unknown: found.reason };
  if (found.kind !== "route" || found.hop === null) return lastResort;
  const { route } = found;
  if (route.type !== "unicast" && !(route.type === "local" && switches.acceptLocal)) return "martian source";
  const throughIt = route.hops.some((hop) => hop.interface === packet.in) || (route.type === "local" && packet.in === "lo");
  if (throughIt) return "valid";
  if (!network.addresses.some(({ family, interface: name }) => family === 4 && name === packet.in)) return lastResort;
  return filter === 1 ? "reverse path filter" : "valid";
}
