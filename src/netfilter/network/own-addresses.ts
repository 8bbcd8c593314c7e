/** Which of its own addresses the kernel takes where a rule leaves the choice to it. */
import type { Address } from "../addresses.ts";
import { findRoute } from "./lookup.ts";
import type { InterfaceAddress, NetworkState } from "./model.ts";
import { contains } from "./prefixes.ts";

/**
 * Source that MASQUERADE gives: inet_select_addr for the next hop; for IPv6 the address of the interface that shares most bits with the
 * destination (rule 8 of RFC 6724, after its scope). Null: there is none.
 */
export function sourceAddress(network: NetworkState, device: string, destination: Address): Address | null {
  const { family } = destination;
  const own = network.addresses.filter((address) => address.family === family && address.interface === device);
  if (family === 6) return asAddress(nearest(own, destination.value));
  const usable = own.filter(({ secondary, narrow }) => !secondary && !narrow);
  const next = nextHop(network, device, destination);
  return asAddress(usable.find((address) => contains(address, next, family)) ?? usable[0] ?? elsewhere(network));
}

/** Destination that REDIRECT gives to a packet that came by an interface: its first address; for IPv6 of the source's scope. Null: none. */
export function redirectAddress(network: NetworkState, device: string, source: Address): Address | null {
  const own = network.addresses.filter(({ family, interface: name }) => family === source.family && name === device);
  if (source.family === 4) return asAddress(own.find(({ secondary }) => !secondary));
  return asAddress(own.find(({ address }) => !isLinkLocal(source.value) || isLinkLocal(address)));
}

function nextHop(network: NetworkState, device: string, destination: Address): bigint {
  const found = findRoute(network, { family: 4, source: 0n, destination: destination.value, in: "lo", out: device, strict: false, mark: 0 });
  const gateway = found.kind === "route" ? (found.hop?.gateway ?? null) : null;
  return gateway?.family === 4 ? gateway.value : destination.value;
}

/** An interface without addresses of its own borrows one of another. */
function elsewhere(network: NetworkState): InterfaceAddress | undefined {
  return network.addresses.find(({ family, secondary, narrow }) => family === 4 && !secondary && !narrow);
}

function nearest(own: readonly InterfaceAddress[], destination: bigint): InterfaceAddress | undefined {
  const scoped = own.filter(({ address }) => isLinkLocal(address) === isLinkLocal(destination));
  const shared = (address: bigint): number => 128 - (address ^ destination).toString(2).length;
  return [...(scoped.length > 0 ? scoped : own)].sort((a, b) => shared(b.address) - shared(a.address))[0];
}

function asAddress(own: InterfaceAddress | undefined): Address | null {
  return own === undefined ? null : { family: own.family, value: own.address };
}

function isLinkLocal(address: bigint): boolean {
  return address >> 118n === 0x3fan;
}
