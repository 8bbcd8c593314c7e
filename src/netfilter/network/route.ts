/** Where a packet goes: to the host, onwards, or nowhere. As ip_route_input and ip6_route_input decide after PREROUTING. */
import { routeInput4 } from "./route4.ts";
import { routeInput6 } from "./route6.ts";
import { routeOutput } from "./output.ts";
import type { NetworkState, RoutedPacket, Routing } from "./model.ts";
import { possibleSwitches } from "./switches.ts";

/**
 * The decision for a packet with the addresses and mark that it has by then. A packet from a port of a bridge is taken to come by the
 * bridge, as IP sees it. Unknown where something that was not read decides.
 */
export function routePacket(network: NetworkState, packet: RoutedPacket): Routing {
  if (packet.in === null) return routeOutput(network, packet);
  const link = network.links.find(({ name }) => name === packet.in);
  if (link === undefined) return { kind: "unknown", reason: `there is no interface ${packet.in}` };
  const master = network.links.find(({ name }) => name === link.master);
  const arrived = { ...packet, in: master?.kind === "bridge" ? master.name : link.name };
  const input = packet.family === 4 ? routeInput4 : routeInput6;
  const [first, ...others] = possibleSwitches(network, packet.family, arrived.in).map((switches) => input(network, arrived, switches));
  if (first === undefined || others.some((other) => !isSame(first, other))) return { kind: "unknown", reason: `the sysctls of ${arrived.in} were not read` };
  return first;
}

function isSame(a: Routing, b: Routing): boolean {
  if (a.kind === "local" && b.kind === "local") return a.type === b.type;
  if (a.kind === "forward" && b.kind === "forward") return a.out === b.out && a.gateway?.value === b.gateway?.value;
  if (a.kind === "drop" && b.kind === "drop") return a.answer === b.answer;
  return a.kind === "unknown" && b.kind === "unknown";
}
