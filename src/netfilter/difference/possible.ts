/** Packets that can come to a hook of this host: links that are there, addresses that routes lead to, flags that go with the state. */
import { addressBits } from "../addresses.ts";
import type { AddressTypeTest, AddressTest, NameTest, NumberField, NumberTest, Test } from "../firewall/tests.ts";
import { flagBits, stateBits } from "../firewall/tests.ts";
import { everything, nothing, type PacketSet } from "../analysis/diagram.ts";
import type { Stage, Universe } from "../analysis/universe.ts";
import { contains, uniteAll } from "../sets/intervals.ts";
import { otherMachines } from "../questions/space.ts";
import { firstState } from "../walk/conntrack.ts";
import type { HostNetwork } from "../walk/network.ts";

/** Beyond, links and addresses are left free, and the walk of each witness decides alone. */
const MOST_ANSWERS = 100_000;

/** A range of addresses that routing does not tell apart. */
interface Segment {
  readonly from: bigint;
  readonly to: bigint;
}

/** Links by which packets come: ports of a bridge stand for the bridge. */
export function listArrivals(network: HostNetwork): readonly string[] {
  return network.linkNames.filter((name) => {
    const link = network.link(name);
    const master = link?.master == null ? null : network.link(link.master);
    return name !== "lo" && link?.up === true && master?.kind !== "bridge";
  });
}

/** Tests that a universe has to hold beside the rules' own, so that `possiblePackets` can be asked in it. */
export function testsOfPossible(network: HostNetwork | null, family: 4 | 6): readonly Test[] {
  const number = (field: NumberField): NumberTest => ({ kind: "number", field, mask: null, set: [0, 1] });
  // A mask tells all values apart.
  const numbers = [...(["fragment", "packetType", "connectionDirection", "destinationPort", "sourcePort"] as const).map(number), { ...number("tcpFlags"), mask: 255 }];
  const strange: AddressTest = { kind: "address", field: "source", family, set: otherMachines(family, []) };
  if (network === null) return [...numbers, strange];
  const names = (["in", "out"] as const).map((field): NameTest => ({ kind: "name", field, set: { negated: false, names: listArrivals(network), prefixes: [] } }));
  const addresses = (["source", "destination"] as const).flatMap((field) => segmentsOf(network, family).map((segment) => inSegment(field, family, segment)));
  return [...numbers, strange, ...names, ...addresses];
}

export function possiblePackets(universe: Universe, stage: Stage, network: HostNetwork | null, isMarked: boolean, isUntracked: boolean): PacketSet {
  const { diagrams: { and, without }, setOf, layout, family } = universe;
  const none = (field: NumberField): PacketSet => (layout.numbers.has(field) ? setOf({ kind: "number", field, mask: null, set: [0, 1] }) : everything);
  let set = and(universe.all, statesWithFlags(universe, stage, isUntracked, network));
  for (const field of ["fragment", "packetType"] as const) set = and(set, none(field));
  if (!isMarked) set = and(set, and(none("mark"), layout.numbers.has("connectionMark") ? without(everything, setOf({ kind: "number", field: "connectionMark", mask: null, set: [1, 2 ** 32] })) : everything));
  set = and(set, setOf({ kind: "address", field: "source", family, set: stage.hook === "output" || stage.hook === "postrouting" ? [0n, 1n << BigInt(addressBits(family))] : otherMachines(family, []) }));
  return network === null ? set : and(set, routed(universe, stage, network));
}

/** A first packet is called as its flags say; UNTRACKED only where a rule makes packets so. */
function statesWithFlags(universe: Universe, { tracked }: Stage, isUntracked: boolean, network: HostNetwork | null): PacketSet {
  const { diagrams: { and, or }, setOf, family } = universe;
  if (!tracked) return everything;
  const state = (name: keyof typeof stateBits): PacketSet => setOf({ kind: "number", field: "connectionState", mask: null, set: [stateBits[name], stateBits[name] + 1] });
  const tcp = setOf({ kind: "number", field: "protocol", mask: null, set: [6, 7] });
  const others = universe.diagrams.without(everything, tcp);
  const flags = (wanted: string): PacketSet => flagsOf(universe, (tcpFlags) => firstState({ family, protocol: 6, tcpFlags, icmpType: null }, network) === wanted);
  return [
    and(state("NEW"), or(others, flags("NEW"))), and(state("INVALID"), and(tcp, flags("INVALID"))), and(state("ESTABLISHED"), or(others, flagsOf(universe, isValid))), and(state("RELATED"), or(others, flags("NEW"))),
    ...(isUntracked ? [state("UNTRACKED")] : []),
  ].reduce(or, nothing);
}

function flagsOf({ setOf }: Universe, isWanted: (flags: number) => boolean): PacketSet {
  const values = Array.from({ length: 256 }, (_, flags) => flags).filter(isWanted);
  return setOf({ kind: "number", field: "tcpFlags", mask: null, set: uniteAll(values.map((value) => [value, value + 1])) });
}

/** What is no INVALID packet in an open connection: tcp_valid_flags of nf_conntrack_proto_tcp.c. */
function isValid(flags: number): boolean {
  const { FIN, SYN, RST, ACK, URG } = flagBits;
  return [SYN, SYN | URG, SYN | ACK, RST, RST | ACK, FIN | ACK, FIN | ACK | URG, ACK, ACK | URG].includes(flags & (FIN | SYN | RST | ACK | URG));
}

function routed(universe: Universe, { hook }: Stage, network: HostNetwork): PacketSet {
  const { diagrams: { and, or }, family } = universe;
  const segments = segmentsOf(network, family);
  const arrivals = listArrivals(network);
  let set = typed(universe, network, segments);
  const { byRules } = network.sourceCuts(family);
  if (byRules || segments.length * arrivals.length > MOST_ANSWERS) return set;
  const named = (field: "in" | "out", name: string): PacketSet => universe.setOf({ kind: "name", field, set: { negated: false, names: [name], prefixes: [] } });
  const segmentSet = (field: "source" | "destination", chosen: readonly Segment[]): PacketSet => universe.setOf({ kind: "address", field, family, set: uniteAll(chosen.map(({ from, to }) => [from, to])) });
  const isOwn = ({ from }: Segment): boolean => network.isLocal({ family, value: from }, null) === true;
  const own = segments.filter(isOwn);
  if (hook === "output") return and(set, segmentSet("source", own));
  const [address] = own.filter(({ from }) => contains(otherMachines(family, []), from));
  if (address !== undefined) {
    const valid = arrivals.map((name) => {
      const sources = segments.filter(({ from }) => {
        const route = network.routeInput({ source: { family, value: from }, destination: { family, value: address.from }, in: name, mark: 0, protocol: 6, sourcePort: null, destinationPort: null });
        return route.kind !== "drop" && route.kind !== "reject";
      });
      return and(named("in", name), segmentSet("source", sources));
    });
    const sent = hook === "postrouting" ? and(named("in", ""), segmentSet("source", own)) : nothing;
    set = and(set, [...valid, sent].reduce(or, nothing));
  }
  if (hook === "input") return and(set, segmentSet("destination", own));
  if (hook !== "forward" && hook !== "postrouting") return set;
  const out = new Map<string, Segment[]>();
  for (const segment of segments) {
    const route = network.routeOutput({ source: { family, value: 0n }, destination: { family, value: segment.from }, mark: 0, protocol: 6, sourcePort: null, destinationPort: null });
    if (route.kind === "out" && route.out !== "lo") out.set(route.out, [...(out.get(route.out) ?? []), segment]);
  }
  return and(set, [...out].map(([name, chosen]) => and(named("out", name), segmentSet("destination", chosen))).reduce(or, nothing));
}

/** Types of addresses that rules ask for, as the routes give them. */
function typed(universe: Universe, network: HostNetwork, segments: readonly Segment[]): PacketSet {
  const { diagrams: { and, or }, family, setOf, layout } = universe;
  let set = everything;
  for (const field of ["source", "destination"] as const) {
    if (!layout.types.has(`${field} `)) continue;
    const byType = new Map<string, Segment[]>();
    for (const segment of segments) {
      const type = network.addressType({ family, value: segment.from }, null);
      byType.set(type, [...(byType.get(type) ?? []), segment]);
    }
    const parts = [...byType].map(([type, chosen]) => {
      const here = setOf({ kind: "address", field, family, set: uniteAll(chosen.map(({ from, to }) => [from, to])) });
      if (type === "unknown") return here;
      const test: AddressTypeTest = { kind: "addressType", field, interface: null, types: [type as AddressTypeTest["types"][number]] };
      return and(here, setOf(test));
    });
    set = and(set, parts.reduce(or, nothing));
  }
  return set;
}

const segmentLists = new WeakMap<HostNetwork, Map<4 | 6, readonly Segment[]>>();

function segmentsOf(network: HostNetwork, family: 4 | 6): readonly Segment[] {
  const lists = segmentLists.get(network) ?? new Map<4 | 6, readonly Segment[]>();
  segmentLists.set(network, lists);
  const { bounds } = network.sourceCuts(family);
  const list = lists.get(family) ?? bounds.flatMap((from, index) => {
    const to = bounds[index + 1];
    return to === undefined ? [] : [{ from, to }];
  });
  lists.set(family, list);
  return list;
}

function inSegment(field: "source" | "destination", family: 4 | 6, { from, to }: Segment): AddressTest {
  return { kind: "address", field, family, set: [from, to] };
}
