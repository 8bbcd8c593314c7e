/** Answers what the walks ask of the network (walk/network.ts) from what `ip -j` and the sysctls told. */
import type { Address } from "../addresses.ts";
import { networkRange } from "../questions/space.ts";
import { contains, type Intervals } from "../sets/intervals.ts";
import type { HostNetwork, Route as WalkRoute, RouteRequest, SourceCuts } from "../walk/network.ts";
import { addressType4, addressType6 } from "./address-types.ts";
import { findCuts } from "./cuts.ts";
import { findRoute } from "./lookup.ts";
import type { NetworkState, RoutedPacket, Routing } from "./model.ts";
import { redirectAddress, sourceAddress } from "./own-addresses.ts";
import { findRouteBack, findWayOut } from "./reverse.ts";
import { routePacket } from "./route.ts";

/** A network on a bridge that is known from elsewhere: `172.30.6.0/24`. */
export interface BridgedNetwork {
  readonly bridge: string;
  readonly network: string;
}

/** `bridged`: what routes do not tell where the host has no address on a bridge. Throws where one is no network. */
export function openNetwork(state: NetworkState, bridged: readonly BridgedNetwork[] = []): HostNetwork {
  const behind = bridged.map(({ bridge, network }) => openBridged(bridge, network));
  const cuts: Partial<Record<4 | 6, SourceCuts>> = {};
  const links = new Map(state.links.map((link) => [link.name, link]));
  const types = new Map<string | null, Types>();
  return {
    linkNames: [...links.keys()],
    link: (name) => links.get(name) ?? null,
    isLocal: (address, iif) => isLocal(state, address, iif),
    routeInput: (request) => toWalk(routePacket(state, packetOf(request, request.in))),
    routeOutput: (request) => toWalk(routePacket(state, packetOf(request, null))),
    addressType(address, device) {
      const { family, value } = address;
      const ofDevice = types.get(device) ?? { 4: new Map<bigint, Type>(), 6: new Map<bigint, Type>() };
      types.set(device, ofDevice);
      const type = ofDevice[family].get(value) ?? (family === 4 ? addressType4(state, value, device) : addressType6(state, value, device));
      ofDevice[family].set(value, type);
      return type;
    },
    isBehind: (address, bridge) => behind.some((one) => one.bridge === bridge && one.family === address.family && contains(one.range, address.value)),
    reversePath: (request) => findRouteBack(state, request),
    routeOut: (request) => findWayOut(state, request),
    sourceAddress: (device, destination) => sourceAddress(state, device, destination),
    redirectAddress: (device, destination) => redirectAddress(state, device, destination),
    sourceCuts: (family) => (cuts[family] ??= findCuts(state, family)),
    sysctl: (key) => (state.sysctls === null ? null : (state.sysctls[key] ?? null)),
  };
}

type Type = ReturnType<HostNetwork["addressType"]>;
type Types = Readonly<Record<4 | 6, Map<bigint, Type>>>;

function openBridged(bridge: string, network: string): { readonly bridge: string; readonly family: 4 | 6; readonly range: Intervals<bigint> } {
  const family = network.includes(":") ? 6 : 4;
  return { bridge, family, range: networkRange(network, family) };
}

function packetOf({ source, destination, mark }: RouteRequest, iif: string | null): RoutedPacket {
  return { family: destination.family, source: source.value, destination: destination.value, mark, in: iif };
}

function isLocal(state: NetworkState, address: Address, iif: string | null): boolean | "unknown" {
  const found = findRoute(state, { family: address.family, source: 0n, destination: address.value, in: iif ?? "lo", out: null, strict: false, mark: 0 });
  if (found.kind === "unknown") return "unknown";
  return found.kind === "route" && (found.route.type === "local" || found.route.type === "anycast");
}

function toWalk(routing: Routing): WalkRoute {
  switch (routing.kind) {
    case "unknown":
      return routing;
    case "local":
      return routing.type === "broadcast" || routing.type === "multicast" ? { kind: "local-broadcast" } : { kind: "local" };
    case "drop":
      return { kind: routing.answer === null ? "drop" : "reject", reason: routing.reason };
    case "forward":
      return { kind: "out", out: routing.out, gateway: routing.gateway };
  }
}
