/** Finds the route of a packet: routing rules, then the longest prefix, then the least metric. As fib_lookup of net/ipv4 and net/ipv6. */
import { contains } from "./prefixes.ts";
import type { NetworkState, NextHop, Route, RoutedPacket, RoutingRule } from "./model.ts";
import { listCandidates } from "./route-index.ts";

/** What is looked up: for the reverse path it is not the packet's own way. */
export interface Flow {
  readonly family: 4 | 6;
  readonly source: bigint;
  readonly destination: bigint;
  /** `lo` for packets of the host's own. */
  readonly in: string;
  /** Only routes by this interface; for IPv6 destinations that are on no link in particular it is a preference. */
  readonly out: string | null;
  readonly strict: boolean;
  readonly mark: number;
}

export interface FoundRoute {
  readonly kind: "route";
  readonly route: Route;
  /** Null for types that go nowhere. */
  readonly hop: NextHop | null;
}

export type Found =
  | FoundRoute
  | { readonly kind: "none" }
  /** A routing rule says so, as a route of such a type would. */
  | { readonly kind: "refused"; readonly type: "blackhole" | "prohibit" }
  | { readonly kind: "unknown"; readonly reason: string };

/** The flow of a packet that is on its way. */
export function flowOf(packet: RoutedPacket): Flow {
  const { family, source, destination, mark } = packet;
  const strict = family === 6 && packet.in !== null && isOnOneLink(destination);
  return { family, source, destination, in: packet.in ?? "lo", out: family === 6 ? packet.in : null, strict, mark };
}

/** Link-local, multicast and loopback: what exists on the packet's link only (rt6_need_strict of net/ipv6/route.c). */
export function isOnOneLink(address: bigint): boolean {
  return address >> 118n === 0x3fan || address >> 120n === 0xffn || address === 1n;
}

/** Routes by interfaces without carrier are passed over where `ignoreLinkdown`. */
export function findRoute(network: NetworkState, flow: Flow, ignoreLinkdown = false): Found {
  const rules = network.rules[flow.family];
  const custom = rules !== null && !hasDefaultRules(rules, flow.family);
  if (!custom) return rules === null && hasOtherTables(network, flow.family) ? { kind: "unknown", reason: "the routing rules (ip rule) were not read" } : searchDefaults(network, flow, ignoreLinkdown);
  return followRules(network, rules, flow, ignoreLinkdown);
}

/** By the routes of these tables alone, whatever the routing rules say. */
export function findRouteIn(network: NetworkState, tables: readonly string[], flow: Flow): Found {
  return searchTables(network, tables, flow, { suppressLength: -1, ignoreLinkdown: false }) ?? { kind: "none" };
}

/** Without rules of somebody's own IPv4 keeps `local` and `main` in one tree: the longest prefix of both wins. */
function searchDefaults(network: NetworkState, flow: Flow, ignoreLinkdown: boolean): Found {
  const order = flow.family === 4 ? [["local", "main"], ["default"]] : [["local"], ["main"]];
  for (const tables of order) {
    const found = searchTables(network, tables, flow, { suppressLength: -1, ignoreLinkdown });
    if (found !== null) return found;
  }
  return { kind: "none" };
}

/** The rules that the kernel begins with. */
export function hasDefaultRules(rules: readonly RoutingRule[], family: 4 | 6): boolean {
  const expected = family === 4 ? ["local", "main", "default"] : ["local", "main"];
  return rules.length === expected.length && rules.every((rule, index) => isPlain(rule) && rule.action.kind === "table" && rule.action.table === expected[index] && rule.action.suppressLength === -1);
}

function isPlain(rule: RoutingRule): boolean {
  const { negated, source, destination, inInterface, outInterface, mark, unmodelled } = rule;
  return !negated && source === null && destination === null && inInterface === null && outInterface === null && mark === null && unmodelled.length === 0;
}

const otherTables = new WeakMap<NetworkState, ReadonlySet<4 | 6>>();

function hasOtherTables(network: NetworkState, family: 4 | 6): boolean {
  const families = otherTables.get(network) ?? new Set(network.routes.filter(({ table }) => !["local", "main", "default"].includes(table)).map((route) => route.family));
  otherTables.set(network, families);
  return families.has(family);
}

function followRules(network: NetworkState, rules: readonly RoutingRule[], flow: Flow, ignoreLinkdown: boolean): Found {
  for (let index = 0; index < rules.length; index++) {
    const rule = rules[index];
    if (rule === undefined) break;
    const applies = matches(rule, flow);
    if (applies === false) continue;
    if (applies === null) return { kind: "unknown", reason: `the routing rule ${String(rule.priority)} asks for ${rule.unmodelled.join(", ")}` };
    const { action } = rule;
    switch (action.kind) {
      case "table": {
        const found = searchTables(network, [action.table], flow, { suppressLength: action.suppressLength, ignoreLinkdown });
        if (found !== null) return found;
        break;
      }
      case "goto": {
        const target = rules.findIndex(({ priority }) => priority >= action.priority);
        // Rules only lead onwards; without a target the rule is passed over.
        if (target > index) index = target - 1;
        break;
      }
      case "vrf":
        if (isInVrf(network, flow.in) || (flow.out !== null && isInVrf(network, flow.out))) return { kind: "unknown", reason: `${flow.in} is in a VRF` };
        break;
      case "nop":
        break;
      case "unreachable":
        return { kind: "none" };
      case "blackhole":
      case "prohibit":
        return { kind: "refused", type: action.kind };
    }
  }
  return { kind: "none" };
}

/** Null where a condition that is not modelled decides. */
function matches(rule: RoutingRule, flow: Flow): boolean | null {
  const known =
    (rule.source === null || contains(rule.source, flow.source, flow.family)) &&
    (rule.destination === null || contains(rule.destination, flow.destination, flow.family)) &&
    (rule.inInterface === null || rule.inInterface === flow.in) &&
    (rule.outInterface === null || rule.outInterface === flow.out) &&
    (rule.mark === null || ((flow.mark ^ rule.mark.value) & rule.mark.mask) === 0);
  if (known && rule.unmodelled.length > 0) return null;
  return known !== rule.negated;
}

function isInVrf(network: NetworkState, name: string): boolean {
  const master = network.links.find((link) => link.name === name)?.master ?? name;
  return network.links.find((link) => link.name === master)?.kind === "vrf";
}

interface Search {
  readonly suppressLength: number;
  readonly ignoreLinkdown: boolean;
}

/** Null: nothing here, the next rule is asked. Within one prefix the kernel has the local table's routes in front of the main one's. */
function searchTables(network: NetworkState, tables: readonly string[], flow: Flow, search: Search): Found | null {
  const candidates = listCandidates(network, tables, flow);
  for (let index = 0; index < candidates.length; index++) {
    const route = candidates[index];
    if (route === undefined) break;
    // Of IPv6 routes of one prefix and metric the one by the wanted interface is taken.
    const equals = flow.family === 6 ? candidates.slice(index).filter((other) => areEqual(route, other)) : [route];
    const found = chooseHop(equals, flow, search.ignoreLinkdown);
    if (found === null) continue;
    if (found.kind === "route" && found.route.type === "throw") return null;
    if (found.kind === "route" && found.route.destination.length <= search.suppressLength) return null;
    return found;
  }
  return null;
}

function areEqual(a: Route, b: Route): boolean {
  return a.destination.length === b.destination.length && a.source?.length === b.source?.length && a.metric === b.metric;
}

/** Null: none of the routes can be used. */
function chooseHop(routes: readonly Route[], flow: Flow, ignoreLinkdown: boolean): Found | null {
  const usable: FoundRoute[] = [];
  for (const route of routes) {
    // Of IPv6 such a route stands at lo, where no link's own destination is.
    if (route.hops.length === 0 && !(flow.strict && flow.out !== null && flow.out !== "lo")) usable.push({ kind: "route", route, hop: null });
    for (const hop of route.hops) {
      if (hop.dead || (ignoreLinkdown && hop.linkdown)) continue;
      if (flow.out !== null && hop.interface !== flow.out && (flow.family === 4 || flow.strict)) continue;
      usable.push({ kind: "route", route, hop });
    }
  }
  const [first] = usable;
  if (first === undefined) return null;
  const preferred = flow.family === 6 ? usable.find(({ hop }) => hop !== null && hop.interface === flow.out) : undefined;
  if (preferred !== undefined && preferred.route.hops.length === 1) return preferred;
  const shared = usable.filter(({ route }) => route === first.route);
  if (shared.some(({ hop }) => hop?.interface !== first.hop?.interface)) return { kind: "unknown", reason: `the route has several next hops (${shared.map(({ hop }) => hop?.interface ?? "").join(", ")})` };
  return first;
}
