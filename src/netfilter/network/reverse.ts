/** Whether a route leads back to where a packet came from, for rules that ask: rpfilter of xtables, `fib … oif` of nftables. */
import type { ReversePathRequest, RouteOutRequest } from "../walk/network.ts";
import { type Found, findRoute, isOnOneLink } from "./lookup.ts";
import type { NetworkState } from "./model.ts";

/** -m rpfilter: ipt_rpfilter and ip6t_rpfilter. */
export function findRouteBack(network: NetworkState, request: ReversePathRequest): boolean | "unknown" {
  const { source, destination, in: device, mark, loose, acceptLocal } = request;
  if (isLoopback(network, device)) return true;
  if (source.family === 6 && source.value === 0n) return true;
  if (source.family === 4 && source.value === 0n && (destination.value === 0xffffffffn || destination.value >> 8n === 0xe00000n)) return true;
  const strict = source.family === 6 && isOnOneLink(source.value);
  const found = findRoute(network, { family: source.family, source: unicastOnly(destination.family, destination.value), destination: source.value, in: "lo", out: source.family === 6 && (strict || !loose) ? device : null, strict, mark });
  if (found.kind === "unknown") return "unknown";
  if (found.kind !== "route" || found.hop === null) return false;
  const { type } = found.route;
  if (type !== "unicast" && !(type === "local" && acceptLocal)) return false;
  // An own address of IPv6 is not asked for its interface.
  if (source.family === 6 && type === "local") return true;
  return loose || found.route.hops.some((hop) => hop.interface === device);
}

/** `fib … oif`: nft_fib4_eval and nft_fib6_eval. Null: no route, or none by `device`. */
export function findWayOut(network: NetworkState, request: RouteOutRequest): { readonly out: string | null } | "unknown" {
  const { address, from, mark, device } = request;
  const strict = address.family === 6 && device !== null && isOnOneLink(address.value);
  const found = findRoute(network, { family: address.family, source: unicastOnly(from.family, from.value), destination: address.value, in: "lo", out: strict ? device : null, strict, mark });
  if (found.kind === "unknown") return "unknown";
  return { out: outOf(found, device) };
}

function outOf(found: Found, device: string | null): string | null {
  if (found.kind !== "route" || found.hop === null || found.route.type !== "unicast") return null;
  if (device === null) return found.hop.interface;
  return found.route.hops.some((hop) => hop.interface === device) ? device : null;
}

function unicastOnly(family: 4 | 6, address: bigint): bigint {
  const isOther = family === 4 ? address >> 28n >= 0xen : address >> 120n === 0xffn;
  return isOther ? 0n : address;
}

function isLoopback(network: NetworkState, name: string): boolean {
  return network.links.some((link) => link.name === name && link.loopback);
}
