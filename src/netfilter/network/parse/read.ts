/** Puts the outputs of `ip -j` together to one network. */
import type { NetworkState, InterfaceAddress, Link, Route, RoutingRule } from "../model.ts";
import { NetworkError } from "../errors.ts";
import { type Entry, entriesOf } from "./fields.ts";
import { readText } from "./json.ts";
import { readAddresses, readLink } from "./links.ts";
import { readRoute } from "./routes.ts";
import { readRule } from "./rules.ts";

/** The outputs, parsed as JSON. */
export interface NetworkAnswers {
  /** `ip -j -d link`. */
  readonly links: readonly unknown[];
  /** `ip -j addr`. */
  readonly addresses: readonly unknown[];
  /** `ip -j route show table all`, with or without IPv6 routes. */
  readonly routes4: readonly unknown[];
  /** `ip -j -6 route show table all`. */
  readonly routes6: readonly unknown[];
  /** `ip -j rule`; null where it was not asked. */
  readonly rules4: readonly unknown[] | null;
  /** `ip -j -6 rule`; null where it was not asked. */
  readonly rules6: readonly unknown[] | null;
}

/** What one output tells. */
export interface NetworkPart {
  readonly links: readonly Link[];
  readonly addresses: readonly InterfaceAddress[];
  readonly routes: readonly Route[];
  readonly rules4: readonly RoutingRule[] | null;
  readonly rules6: readonly RoutingRule[] | null;
}

const NOTHING: NetworkPart = { links: [], addresses: [], routes: [], rules4: null, rules6: null };

/** Throws `NetworkError`, whose path begins with the name of the answer. */
export function readNetwork(answers: NetworkAnswers, sysctls: NetworkState["sysctls"]): NetworkState {
  const entries = (name: keyof NetworkAnswers): readonly Entry[] => entriesOf(answers[name], [name]);
  const part = {
    links: entries("links").map(readLink),
    addresses: entries("addresses").flatMap(readAddresses),
    routes: [...entries("routes4"), ...entries("routes6")].map(readRoute),
    rules4: answers.rules4 === null ? null : entries("rules4").map(readRule),
    rules6: answers.rules6 === null ? null : entries("rules6").map(readRule),
  };
  return joinNetwork([part], sysctls);
}

/**
 * The text of one output of `ip -j`: link (with -d, or a bridge is not known as one), addr, route show table all, rule; which of them is told
 * by its content. Throws `NetworkError` with line and column.
 */
export function parseNetworkPart(text: string): NetworkPart {
  return readText(text, (value) => readPart(entriesOf(value, [])));
}

function readPart(entries: readonly Entry[]): NetworkPart {
  const [first] = entries;
  if (first === undefined) return NOTHING;
  // A link list of its own knows the kinds; it wins over the links of `ip -j addr` when parts are joined.
  if ("addr_info" in first.value) return { ...NOTHING, links: entries.map(readLink), addresses: entries.flatMap(readAddresses) };
  if ("ifname" in first.value) return { ...NOTHING, links: entries.map(readLink) };
  if ("priority" in first.value) return readRules(entries);
  if ("dst" in first.value) return { ...NOTHING, routes: entries.map(readRoute) };
  throw new NetworkError("no output of ip -j link, addr, route or rule", first.path);
}

/** Nothing in a rule for all packets tells its family, but the table `default` is asked for IPv4 only. */
function readRules(entries: readonly Entry[]): NetworkPart {
  const rules = entries.map(readRule);
  const four = rules.some(({ action }) => action.kind === "table" && action.table === "default");
  return { ...NOTHING, [four ? "rules4" : "rules6"]: rules };
}

/** Later links replace earlier ones of the same name, unless they know less. */
export function joinNetwork(parts: readonly NetworkPart[], sysctls: NetworkState["sysctls"]): NetworkState {
  const links = new Map<string, Link>();
  for (const link of parts.flatMap((part) => part.links)) {
    const known = links.get(link.name);
    if (known === undefined || known.kind === null) links.set(link.name, link);
  }
  return {
    links: [...links.values()],
    addresses: parts.flatMap((part) => part.addresses),
    routes: withoutTwins(parts.flatMap((part) => part.routes)),
    rules: { 4: parts.findLast(({ rules4 }) => rules4 !== null)?.rules4 ?? null, 6: parts.findLast(({ rules6 }) => rules6 !== null)?.rules6 ?? null },
    sysctls,
  };
}

/** The list of all IPv4 routes holds the IPv6 ones too, unless it was asked for with -4. The kernel has no two equal routes. */
function withoutTwins(routes: readonly Route[]): readonly Route[] {
  const keyOf = (route: Route): string => JSON.stringify(route, (_, value: unknown) => (typeof value === "bigint" ? value.toString(16) : value));
  return [...new Map(routes.map((route) => [keyOf(route), route])).values()];
}
