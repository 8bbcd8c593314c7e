/** What IPv6 drops as soon as it arrives, before any hook: ip6_rcv_core of net/ipv6/ip6_input.c. */
import { unknown } from "./flow.ts";
import type { End, Run } from "./run.ts";

/** Null: nothing against it. IPv4 refuses addresses only when it routes. */
export function refuseArrival({ flow, hops }: Run): End | null {
  const { family, source, destination } = flow;
  if (family === 4 || flow.in === "lo" || source === unknown || destination === unknown) return null;
  const reason = findFault(source, destination);
  if (reason === null) return null;
  hops.push({ hook: "arrival", family: null, table: null, chain: null, rule: null, source: null, action: "drop", open: null, why: reason });
  return { verdict: "drop", reason };
}

function findFault(source: bigint, destination: bigint): string | null {
  if (source === 1n || destination === 1n) return "::1 never comes over a link";
  if (isMulticast(source)) return "the source is a multicast address";
  if (source >> 32n === 0xffffn) return "the source is an IPv4 address in IPv6";
  // Scopes 0 and 1, which are reserved and within an interface.
  return isMulticast(destination) && (destination >> 112n & 0xfn) <= 1n ? "the destination's scope does not leave an interface" : null;
}

function isMulticast(address: bigint): boolean {
  return address >> 120n === 0xffn;
}
