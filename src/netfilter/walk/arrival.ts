/** What IPv6 drops as soon as it arrives, before any hook: ip6_rcv_core of net/ipv6/ip6_input.c. */
import { type Intervals, bigintRange, contains } from "../sets/intervals.ts";
import { unknown } from "./flow.ts";
import type { End, Run } from "./run.ts";

/** Null: nothing against it. IPv4 refuses addresses only when it routes. */
export function refuseArrival(run: Run): End | null {
  const reason = faultOf(run);
  if (reason === null) return null;
  run.hops.push({ hook: "arrival", family: null, table: null, chain: null, rule: null, source: null, action: "drop", open: null, why: reason });
  return { verdict: "drop", reason };
}

/** What is against the packet as it is now; null: nothing. */
export function faultOf({ flow, onSource }: Run): string | null {
  const { family, source, destination } = flow;
  if (family === 4 || flow.in === "lo" || source === unknown || destination === unknown) return null;
  for (const set of faultySources) onSource(set);
  return findFault(source, destination);
}

function findFault(source: bigint, destination: bigint): string | null {
  if (contains(loopback, source) || contains(loopback, destination)) return "::1 never comes over a link";
  if (contains(multicast, source)) return "the source is a multicast address";
  if (contains(mapped, source)) return "the source is an IPv4 address in IPv6";
  // Scopes 0 and 1, which are reserved and within an interface.
  return contains(multicast, destination) && (destination >> 112n & 0xfn) <= 1n ? "the destination's scope does not leave an interface" : null;
}

const loopback = bigintRange(1n, 1n);
const multicast: Intervals<bigint> = [0xffn << 120n, 1n << 128n];
const mapped: Intervals<bigint> = [0xffffn << 32n, 1n << 48n];
const faultySources = [loopback, multicast, mapped];
