/** Which of its own addresses the kernel takes where a rule leaves the choice to it. */
import type { Address } from "../addresses.ts";
import { findRoute } from "./lookup.ts";
import type { InterfaceAddress, NetworkState } from "./model.ts";
import { contains } from "./prefixes.ts";

/** Source that MASQUERADE gives: inet_select_addr for the next hop; for IPv6 by RFC 6724 (ipv6_dev_get_saddr). Null: there is none. */
export function sourceAddress(network: NetworkState, device: string, destination: Address): Address | null {
  const { family } = destination;
  if (family === 6) return asAddress(chooseSource6(network, device, destination.value));
  const own = network.addresses.filter((address) => address.family === family && address.interface === device);
  const usable = own.filter(({ secondary, narrow }) => !secondary && !narrow);
  const next = nextHop(network, device, destination);
  return asAddress(usable.find((address) => contains(address, next, family)) ?? usable[0] ?? elsewhere(network));
}

/** What REDIRECT makes of a destination, for a packet that came by an interface: its first address; for IPv6 one of the same scope. Null: none. */
export function redirectAddress(network: NetworkState, device: string, destination: Address): Address | null {
  const own = network.addresses.filter(({ family, interface: name }) => family === destination.family && name === device);
  if (destination.family === 4) return asAddress(own.find(({ secondary }) => !secondary));
  return asAddress(own.find(({ address }) => !isOnLink(destination.value) || isLinkLocal(address)));
}

/** Link-local, and multicast of that scope. */
function isOnLink(address: bigint): boolean {
  return isLinkLocal(address) || (address >> 112n & 0xff0fn) === 0xff02n;
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

/** The first rule that tells two addresses apart decides: the destination itself, scope, outgoing interface, label, common bits. */
function chooseSource6({ addresses }: NetworkState, device: string, destination: bigint): InterfaceAddress | undefined {
  const wanted = scopeOf(destination);
  const candidates = addresses.filter(({ family, interface: name }) => family === 6 && (name === device || !isOnLink(destination)));
  const rank = ({ address, interface: name }: InterfaceAddress): readonly number[] => {
    const scope = scopeOf(address);
    const common = 128 - (address ^ destination).toString(2).length;
    return [Number(address === destination), scope >= wanted ? -scope : scope - 128, Number(name === device), Number(labelOf(address) === labelOf(destination)), common];
  };
  return [...candidates].sort((a, b) => compareRanks(rank(b), rank(a)))[0];
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((value, at) => value !== b[at]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}

/** RFC 4291: 2 on the link (as ::1 counts), 14 global; of multicast what it says. */
function scopeOf(address: bigint): number {
  if (address >> 120n === 0xffn) return Number(address >> 112n & 0xfn);
  return isLinkLocal(address) || address === 1n ? 2 : 14;
}

/** Of the default policy table (RFC 6724, section 2.1) the networks that hosts have. */
function labelOf(address: bigint): number {
  if (address >> 121n === 0x7en) return 13;
  return address >> 112n === 0x2002n ? 2 : 1;
}

function asAddress(own: InterfaceAddress | undefined): Address | null {
  return own === undefined ? null : { family: own.family, value: own.address };
}

function isLinkLocal(address: bigint): boolean {
  return address >> 118n === 0x3fan;
}
