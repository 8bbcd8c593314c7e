/** The type of an address as rule sets ask for it: addrtype of xtables, fib of nftables. */
import type { AddressType } from "../firewall/tests.ts";
import { findRoute, findRouteIn, hasDefaultRules, isOnOneLink } from "./lookup.ts";
import type { NetworkState } from "./model.ts";

/**
 * Type of an IPv4 address: inet_addr_type of net/ipv4/fib_frontend.c, and with `device` inet_dev_addr_type, for which only addresses of that
 * interface are the host's own.
 */
export function addressType4(network: NetworkState, address: bigint, device: string | null): AddressType | "unknown" {
  if (address === 0n || address === 0xffffffffn) return "broadcast";
  if (address >> 28n === 0xen) return "multicast";
  // With routing rules of somebody's own the local table stands alone, else it shares one tree with main.
  const tables = network.rules[4] !== null && !hasDefaultRules(network.rules[4], 4) ? ["local"] : ["local", "main"];
  const found = findRouteIn(network, tables, { family: 4, source: 0n, destination: address, in: "lo", out: null, strict: false, mark: 0 });
  if (found.kind === "unknown") return "unknown";
  if (found.kind !== "route" || found.hop === null) return "unicast";
  return device === null || found.hop.interface === device ? found.route.type : "unicast";
}

/**
 * Type of an IPv6 address: nft_fib6_eval_type of net/ipv6/netfilter/nft_fib_ipv6.c. xt_addrtype agrees but for UNICAST, which it takes for
 * every address that is no multicast.
 */
export function addressType6(network: NetworkState, address: bigint, device: string | null): AddressType | "unknown" {
  const strict = device !== null && isOnOneLink(address);
  const found = findRoute(network, { family: 6, source: 0n, destination: address, in: "lo", out: strict ? device : null, strict, mark: 0 });
  if (found.kind === "unknown") return "unknown";
  if (found.kind === "none") return "unreachable";
  const type = found.kind === "refused" ? found.type : found.route.type;
  if (type === "blackhole" || type === "unreachable" || type === "prohibit" || type === "anycast") return type;
  if (device === null ? type === "local" : isOwn(network, address, device)) return "local";
  if (address >> 120n === 0xffn) return "multicast";
  return address === 0n ? "unspec" : "unicast";
}

function isOwn(network: NetworkState, address: bigint, name: string): boolean {
  return network.addresses.some((own) => own.family === 6 && own.interface === name && own.address === address);
}
