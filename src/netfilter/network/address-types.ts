/** The type of an address as the rule sets ask for it: addrtype of xtables, fib of nftables. */
import { findRoute, hasDefaultRules, isOnOneLink } from "./lookup.ts";
import type { HostNetwork } from "./model.ts";

/** As the kernel names them. Of what could not be read the type is unknown. */
export type AddressType = "UNSPEC" | "UNICAST" | "LOCAL" | "BROADCAST" | "ANYCAST" | "MULTICAST" | "BLACKHOLE" | "UNREACHABLE" | "PROHIBIT" | "THROW" | "UNKNOWN";

/**
 * Type of an IPv4 address (inet_addr_type of net/ipv4/fib_frontend.c). With `limit` only addresses of that interface count as its own.
 * Routes of somebody's own decide only where they stand beside the local ones.
 */
export function addressType4(network: HostNetwork, address: bigint, limit: string | null): AddressType {
  if (address === 0n || address === 0xffffffffn) return "BROADCAST";
  if (address >> 28n === 0xen) return "MULTICAST";
  // With routing rules of somebody's own the local table stands alone, else it shares one tree with main.
  const tables = network.rules[4] !== null && !hasDefaultRules(network.rules[4], 4) ? ["local"] : ["local", "main"];
  const shown = { ...network, routes: network.routes.filter(({ table }) => tables.includes(table)), rules: { 4: null, 6: null } };
  const found = findRoute(shown, { family: 4, source: 0n, destination: address, in: "lo", out: null, strict: false, mark: 0 });
  if (found.kind === "unknown") return "UNKNOWN";
  if (found.kind !== "route" || found.hop === null) return "UNICAST";
  if (limit !== null && found.hop.interface !== limit) return "UNICAST";
  return found.route.type.toUpperCase() as AddressType;
}

/** Type of an IPv6 address as nftables' fib gives it (net/ipv6/netfilter/nft_fib_ipv6.c). `link`: the interface of the hook, for link-local addresses. */
export function fibType6(network: HostNetwork, address: bigint, limit: string | null, link: string | null): AddressType {
  const out = limit ?? link;
  const found = lookUp6(network, address, out, out !== null && isOnOneLink(address));
  const own = limit !== null && isOwn(network, address, limit);
  if (found === "UNKNOWN" || found === "BLACKHOLE" || found === "PROHIBIT" || found === "UNREACHABLE" || found === "THROW" || found === "ANYCAST") return found;
  if (own || (limit === null && found === "LOCAL")) return "LOCAL";
  if (address >> 120n === 0xffn) return "MULTICAST";
  return address === 0n ? "UNSPEC" : "UNICAST";
}

/** Whether -m addrtype with these types takes an IPv6 address (match_type6 of net/netfilter/xt_addrtype.c): all kinds of conditions must hold. Null: unknown. */
export function matchesAddrtype6(network: HostNetwork, types: readonly string[], address: bigint, limit: string | null): boolean | null {
  const multicast = address >> 120n === 0xffn;
  if (types.includes("MULTICAST") && !multicast) return false;
  if (types.includes("UNICAST") && (multicast || address === 0n)) return false;
  if (types.includes("UNSPEC") && address !== 0n) return false;
  if (!["LOCAL", "ANYCAST", "UNREACHABLE"].some((type) => types.includes(type))) return true;
  const found = lookUp6(network, address, limit, limit !== null);
  if (found === "UNKNOWN") return null;
  const refused = found === "BLACKHOLE" || found === "PROHIBIT" || found === "UNREACHABLE" || found === "THROW";
  if (types.includes("LOCAL") && (limit === null ? found === "LOCAL" : !refused && isOwn(network, address, limit))) return true;
  return (types.includes("UNREACHABLE") && refused) || (types.includes("ANYCAST") && found === "ANYCAST");
}

/** The type of the route; `strict`: by that interface or not at all. */
function lookUp6(network: HostNetwork, address: bigint, out: string | null, strict: boolean): AddressType {
  const found = findRoute(network, { family: 6, source: 0n, destination: address, in: "lo", out: strict ? out : null, strict, mark: 0 });
  if (found.kind === "unknown") return "UNKNOWN";
  if (found.kind === "none") return "UNREACHABLE";
  if (found.kind === "refused") return found.type.toUpperCase() as AddressType;
  return found.route.type.toUpperCase() as AddressType;
}

function isOwn(network: HostNetwork, address: bigint, name: string): boolean {
  return network.addresses.some((own) => own.family === 6 && own.interface === name && own.address === address);
}
