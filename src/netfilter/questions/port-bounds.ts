/** Where a rule tells one port of a packet's destination from the next. */
import type { Act } from "../firewall/acts.ts";
import type { Chain, Firewall, Step, Table } from "../firewall/model.ts";
import type { NameSet, Test } from "../firewall/tests.ts";
import { contains } from "../sets/intervals.ts";
import type { HostNetwork } from "../walk/network.ts";
import type { Packet } from "../walk/packet.ts";
import { listFieldTests } from "./tests-of.ts";

/**
 * Ports at which a class begins, 1 among them. Only rules are looked at that the packet can come to and whose other conditions it may meet;
 * if one of them translates it, all rules are, since it is another packet then. `source`: whether it comes from its own source alone.
 */
export function listPortBounds(firewall: Firewall, network: HostNetwork, packet: Packet, source: "own" | "any"): readonly number[] {
  const search: Search = { network, packet, source, bounds: new Set([1]), visited: new Set(), translated: false };
  for (const table of firewall.tables) {
    for (const chain of table.chains.values()) if (chain.base !== null) visitChain(search, table, chain);
  }
  return [...(search.translated ? listAll(firewall) : search.bounds)].filter((port) => port >= 1 && port <= 65_535).sort((a, b) => a - b);
}

interface Search {
  readonly network: HostNetwork;
  readonly packet: Packet;
  readonly source: "own" | "any";
  readonly bounds: Set<number>;
  readonly visited: Set<Chain>;
  translated: boolean;
}

function visitChain(search: Search, table: Table, chain: Chain): void {
  if (search.visited.has(chain)) return;
  search.visited.add(chain);
  for (const { steps } of chain.rules) {
    if (steps.some((step) => step.kind === "test" && excludes(search, step.test))) continue;
    for (const step of steps) visitStep(search, table, step);
  }
}

function visitStep(search: Search, table: Table, step: Step): void {
  if (step.kind === "test") addBounds(search.bounds, step.test);
  else visitAct(search, table, step.act);
}

function visitAct(search: Search, table: Table, act: Act): void {
  if (act.kind === "nat") search.translated ||= act.type === "dnat" || act.type === "redirect";
  if (act.kind === "jump" || act.kind === "goto") {
    const chain = table.chains.get(act.chain);
    if (chain !== undefined) visitChain(search, table, chain);
  }
  if (act.kind !== "map") return;
  for (const { when, act: inner } of act.entries) {
    if (when.some((test) => excludes(search, test))) continue;
    for (const test of when) addBounds(search.bounds, test);
    visitAct(search, table, inner);
  }
}

function addBounds(bounds: Set<number>, test: Test): void {
  if (test.kind === "number" && /Port$/.test(test.field)) for (const bound of test.set) bounds.add(bound);
  else if (test.kind === "all" || test.kind === "any") for (const part of test.tests) addBounds(bounds, part);
  else if (test.kind === "not") addBounds(bounds, test.test);
}

/** Whether the packet, as it comes, does not meet the test whatever its port. What changes on its way is not asked. */
function excludes(asked: Pick<Search, "packet" | "network" | "source">, test: Test): boolean {
  const { packet, network, source } = asked;
  switch (test.kind) {
    case "address":
      if (test.field === "source" && source === "any") return test.family !== packet.source.family;
      return (test.field === "source" || test.field === "destination") && !(test.family === packet[test.field].family && contains(test.set, packet[test.field].value));
    case "number":
      if (test.mask !== null) return false;
      return (test.field === "protocol" && !contains(test.set, packet.protocol)) || (test.field === "family" && !contains(test.set, packet.destination.family));
    case "name":
      return test.field === "in" && packet.in !== null && network.link(packet.in)?.master == null && !holds(test.set, packet.in);
    case "addressType": {
      if (test.field !== "destination" || test.interface !== null) return false;
      const type = network.addressType(packet.destination, null);
      return type !== "unknown" && !test.types.includes(type);
    }
    case "all":
      return test.tests.some((part) => excludes(asked, part));
    case "any":
    case "not":
    case "reversePath":
    case "routeOut":
    case "history":
    case "chance":
    case "opaque":
      return false;
  }
}

function holds({ negated, names, prefixes }: NameSet, name: string): boolean {
  return (names.includes(name) || prefixes.some((prefix) => name.startsWith(prefix))) !== negated;
}

const all = new WeakMap<Firewall, ReadonlySet<number>>();

function listAll(firewall: Firewall): ReadonlySet<number> {
  const known = all.get(firewall);
  if (known !== undefined) return known;
  const found = new Set([1]);
  for (const test of listFieldTests(firewall)) addBounds(found, test);
  all.set(firewall, found);
  return found;
}
