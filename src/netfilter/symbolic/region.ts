/** The sources that fare like the one that is followed: narrowed whenever something is asked that the source answers. */
import { type Intervals, contains, intersect, subtract } from "../sets/intervals.ts";
import type { Address } from "../addresses.ts";
import type { HostNetwork } from "../walk/network.ts";
import type { Sources } from "./branch.ts";

export interface Region {
  readonly symbol: bigint;
  /** What is left of it. */
  readonly sources: () => Sources;
  /** The answer is the same for all in the set, and for all outside. */
  readonly narrow: (set: Intervals<bigint>) => void;
}

export function openRegion(symbol: bigint, start: Sources): Region {
  let sources = start;
  return {
    symbol,
    sources: () => sources,
    narrow: (set) => { sources = contains(set, symbol) ? intersect(sources, set) : subtract(sources, set); },
  };
}

/** The network; whenever it is asked about the source, `onAsked` is told before. */
export function watchNetwork(network: HostNetwork, symbol: bigint, onAsked: () => void): HostNetwork {
  const watch = (...addresses: readonly Address[]): void => {
    if (addresses.some(({ value }) => value === symbol)) onAsked();
  };
  return {
    ...network,
    isLocal: (address, iif) => {
      watch(address);
      return network.isLocal(address, iif);
    },
    routeInput: (request) => {
      watch(request.source, request.destination);
      return network.routeInput(request);
    },
    routeOutput: (request) => {
      watch(request.source, request.destination);
      return network.routeOutput(request);
    },
    addressType: (address, device) => {
      watch(address);
      return network.addressType(address, device);
    },
    reversePath: (request) => {
      watch(request.source, request.destination);
      return network.reversePath(request);
    },
    routeOut: (request) => {
      watch(request.address, request.from);
      return network.routeOut(request);
    },
    redirectAddress: (device, source) => {
      watch(source);
      return network.redirectAddress(device, source);
    },
    sourceAddress: (device, destination) => {
      watch(destination);
      return network.sourceAddress(device, destination);
    },
  };
}
