/** The sysctls that decide about routing, for one interface. Facts of Documentation/networking/ip-sysctl.rst. */
import type { NetworkState } from "./model.ts";

/** As the kernel combines the values of the interface and of `all`. */
export interface Switches {
  readonly forwarding: boolean;
  /** 0 none, 1 strict, 2 loose. */
  readonly reversePath: number;
  readonly routeLocalnet: boolean;
  readonly acceptLocal: boolean;
  readonly sendRedirects: boolean;
  readonly broadcastForwarding: boolean;
  /** The reverse path is looked up with the packet's mark. */
  readonly sourceValidMark: boolean;
  readonly ignoreLinkdown: boolean;
}

/** How the values of the interface (first) and of `all` become one. */
type Combination = (own: number, all: number) => number;
const either: Combination = (own, all) => Number(own !== 0 || all !== 0);
const ownOnly: Combination = (own) => own;

/**
 * All that may hold, one where all sysctls are known. A key that is missing beside others of its folder does not exist in this kernel
 * and has its default; a whole missing folder was not read.
 */
export function possibleSwitches(network: NetworkState, family: 4 | 6, name: string): readonly Switches[] {
  const ofNetwork = known.get(network) ?? new Map<string, readonly Switches[]>();
  known.set(network, ofNetwork);
  const key = `${String(family)} ${name}`;
  const switches = ofNetwork.get(key) ?? combineSwitches(network, family, name);
  ofNetwork.set(key, switches);
  return switches;
}

/** Every packet asks. */
const known = new WeakMap<NetworkState, Map<string, readonly Switches[]>>();

function combineSwitches(network: NetworkState, family: 4 | 6, name: string): readonly Switches[] {
  const values = (key: string, combine: Combination, range: readonly number[], fallback = 0): readonly number[] => {
    const read = (folder: string): readonly number[] => readValue(network.sysctls, `net.ipv${family}.conf.${folder}`, key, range, fallback);
    return distinct(read(name.replaceAll(".", "/")).flatMap((own) => read("all").map((all) => combine(own, all))));
  };
  const flag = [0, 1];
  let found: readonly Partial<Switches>[] = [{}];
  const vary = <K extends keyof Switches>(key: K, choices: readonly Switches[K][]): void => {
    found = found.flatMap((switches) => choices.map((choice) => ({ ...switches, [key]: choice })));
  };
  const isOn = (list: readonly number[]): boolean[] => distinct(list.map((value) => value !== 0));
  // IPv6 forwards by the value of `all` alone, or where the interface is forced to (since 6.17); IPv4 by the interface's own.
  const forwarding = family === 4 ? values("forwarding", ownOnly, flag, 1) : distinct(values("forwarding", (_, all) => all, flag, 1).flatMap((all) => values("force_forwarding", (own) => Number(own !== 0 || all !== 0), flag)));
  vary("forwarding", isOn(forwarding));
  vary("reversePath", family === 4 ? values("rp_filter", Math.max, [0, 1, 2]) : [0]);
  vary("routeLocalnet", family === 4 ? isOn(values("route_localnet", either, flag)) : [false]);
  vary("acceptLocal", family === 4 ? isOn(values("accept_local", either, flag)) : [false]);
  vary("sendRedirects", family === 4 ? isOn(values("send_redirects", either, flag, 1)) : [true]);
  vary("broadcastForwarding", family === 4 ? isOn(values("bc_forwarding", (own, all) => Number(own !== 0 && all !== 0), flag)) : [false]);
  vary("sourceValidMark", family === 4 ? isOn(values("src_valid_mark", either, flag)) : [false]);
  vary("ignoreLinkdown", isOn(values("ignore_routes_with_linkdown", either, flag)));
  return found as readonly Switches[];
}

function readValue(sysctls: NetworkState["sysctls"], folder: string, key: string, range: readonly number[], fallback: number): readonly number[] {
  if (sysctls === null) return [fallback];
  const text = sysctls[`${folder}.${key}`];
  if (text !== undefined && text !== null) return [Number(text)];
  // forwarding exists in every kernel, so that it tells whether the folder was read.
  return text === undefined && key !== "forwarding" && sysctls[`${folder}.forwarding`] !== undefined ? [fallback] : range;
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
