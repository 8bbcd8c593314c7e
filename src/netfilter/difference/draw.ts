/** Packets to try for a set of packets as a hook sees them: one member, as it would arrive. */
import type { Address } from "../addresses.ts";
import { numberAt } from "../analysis/bits.ts";
import { everything, nothing, type PacketSet } from "../analysis/diagram.ts";
import { STATES, type Stage, type Universe } from "../analysis/universe.ts";
import { flagBits, type NumberField, stateBits, type Test } from "../firewall/tests.ts";
import type { HostNetwork } from "../walk/network.ts";
import type { Packet } from "../walk/packet.ts";
import { otherMachines } from "../questions/space.ts";
import { walkPacket } from "../walk/walk.ts";
import { type Door, leadsTo } from "./doors.ts";
import type { Judged, Sent } from "./confirm.ts";

/** Of a host that is nobody's neighbour (RFC 5737, 3849). */
const STRANGER: Readonly<Record<4 | 6, bigint>> = { 4: 0xc6336409n, 6: (0x20010db8ffffn << 80n) | 9n };

/** Tests that a universe has to hold so that `listWishes` can be asked in it. */
export function testsOfDrawing(family: 4 | 6, doors: readonly Door[], network: HostNetwork | null): readonly Test[] {
  const ports = doors.flatMap(({ act: { ports: to } }) => (to === null ? [] : [to.from]));
  const addresses = doors.flatMap(({ act: { addresses: to } }) => (to?.family === family ? [to.from] : []));
  return [
    ...(["source", "destination"] as const).map((field): Test => ({ kind: "address", field, family, set: [STRANGER[family], STRANGER[family] + 1n] })),
    { kind: "address", field: "destination", family, set: otherMachines(family, []) },
    ...[...addresses, ...listNeighbours(network, family)].map((value): Test => ({ kind: "address", field: "destination", family, set: [value, value + 1n] })),
    ...[...ports, 22].map((port): Test => ({ kind: "number", field: "destinationPort", mask: null, set: [port, port + 1] })),
  ];
}

/** What makes a packet one that a person can imagine, each only where the set has such packets: the first wishes count most. */
export function listWishes({ setOf, family, layout, diagrams }: Universe, { hook }: Stage, doors: readonly Door[], network: HostNetwork | null): readonly PacketSet[] {
  const number = (field: NumberField, value: number): PacketSet[] => (layout.numbers.has(field) ? [setOf({ kind: "number", field, mask: null, set: [value, value + 1] })] : []);
  const address = (field: "source" | "destination", value: bigint): PacketSet => setOf({ kind: "address", field, family, set: [value, value + 1n] });
  const named = (field: "in" | "out", names: readonly string[]): PacketSet => setOf({ kind: "name", field, set: { negated: false, names, prefixes: [] } });
  const usual = ([["NEW", flagBits.SYN], ["ESTABLISHED", flagBits.ACK]] as const).map(([state, flags]) => [...number("connectionState", stateBits[state]), ...number("tcpFlags", flags)].reduce(diagrams.and, everything));
  const targets = hook === "prerouting" ? [] : doors.flatMap(({ act: { addresses } }) => (addresses?.family === family ? [addresses.from] : [])).slice(0, MOST_TARGETS);
  const ports = doors.flatMap(({ act }) => (act.ports === null ? [] : [act.ports.from])).slice(0, MOST_TARGETS);
  const uplink = findUplink(network, family);
  const bridges = network?.linkNames.filter((name) => network.link(name)?.kind === "bridge") ?? [];
  return [
    ...number("protocol", 6), ...number("connectionState", stateBits.NEW), ...usual, ...number("connectionState", stateBits.INVALID), ...number("tcpFlags", flagBits.SYN), ...number("connectionDirection", 0),
    ...(hook === "output" ? [...(uplink?.own == null ? [] : [address("source", uplink.own)]), address("destination", STRANGER[family])] : [address("source", STRANGER[family])]),
    ...(uplink === null ? [] : [named("in", [uplink.name])]), ...(bridges.length === 0 ? [] : [named("out", bridges)]),
    setOf({ kind: "address", field: "destination", family, set: otherMachines(family, []) }), ...[...targets, ...(hook === "prerouting" ? [] : listNeighbours(network, family))].map((value) => address("destination", value)), ...(uplink?.own == null ? [] : [address("destination", uplink.own)]),
    ...[...ports, 22].flatMap((port) => number("destinationPort", port)), ...number("protocol", 17),
  ];
}

const MOST_TARGETS = 4;

/** The first addresses behind this host's own on bridges: containers have them. */
function listNeighbours(network: HostNetwork | null, family: 4 | 6): readonly bigint[] {
  const bridges = network?.linkNames.filter((name) => network.link(name)?.kind === "bridge") ?? [];
  return bridges.slice(0, MOST_TARGETS).flatMap((name) => {
    const own = network?.sourceAddress(name, { family, value: STRANGER[family] });
    return own == null ? [] : [own.value + 1n];
  });
}

/** The way to strangers, and this host's address on it. */
function findUplink(network: HostNetwork | null, family: 4 | 6): { readonly name: string; readonly own: bigint | null } | null {
  const stranger = { family, value: STRANGER[family] };
  const route = network?.routeOutput({ source: { family, value: 0n }, destination: stranger, mark: 0, protocol: 6, sourcePort: null, destinationPort: null });
  return network === null || route?.kind !== "out" ? null : { name: route.out, own: network.sourceAddress(route.out, stranger)?.value ?? null };
}

/** Null for the empty set. What does not count is left out, and is 0. */
export function drawMember({ diagrams }: Universe, set: PacketSet, wishes: readonly PacketSet[]): ReadonlyMap<number, boolean> | null {
  let best = set;
  for (const wish of wishes) {
    const both = diagrams.and(best, wish);
    if (both !== nothing) best = both;
  }
  return diagrams.member(best);
}

/** The member itself, then packets that translation brings there, and those of open connections in the other direction too. */
export function packetsFor(universe: Universe, stage: Stage, member: ReadonlyMap<number, boolean>, doors: readonly Door[], before: Judged): readonly Sent[] {
  const { layout } = universe;
  const bits = layout.numbers.get("connectionState");
  const state = bits === undefined || !stage.tracked ? "NEW" : (STATES[Number(numberAt(bits, member))] ?? "NEW");
  const direct = toPacket(universe, stage, member, state);
  const behind = direct.in === null || stage.hook === "prerouting" ? [] : doors.filter((door) => door.family === universe.family && (door.protocol === null || door.protocol === direct.protocol) && leadsTo(door, direct.destination.value, direct.destinationPort));
  const packets = [direct, ...behind.slice(0, MOST_DOORS).flatMap((door) => throughDoor(direct, door, before))];
  const connection = state === "NEW" || state === "INVALID" ? null : state;
  return packets.flatMap((packet): Sent[] => {
    const answers = state === "ESTABLISHED" ? asAnswer(packet, stage, before) : [];
    return stage.hook === "output" ? [...answers, { packet, connection }] : [{ packet, connection }, ...answers];
  });
}

const MOST_DOORS = 4;

function toPacket({ layout, family }: Universe, { hook }: Stage, member: ReadonlyMap<number, boolean>, state: string): Packet {
  const number = (field: NumberField): number | null => {
    const bits = layout.numbers.get(field);
    return bits === undefined ? null : Number(numberAt(bits, member));
  };
  const address = (field: "source" | "destination"): Address => {
    const bits = layout.addresses.get(field);
    return { family, value: bits === undefined ? STRANGER[family] : numberAt(bits, member) };
  };
  const name = (field: "in"): string | null => {
    const bits = layout.names.get(field);
    return bits === undefined ? null : (layout.nameList[Number(numberAt(bits, member))] ?? null);
  };
  const protocol = number("protocol") ?? 6;
  const isPorted = [6, 17, 33, 132, 136].includes(protocol);
  const isIcmp = protocol === (family === 4 ? 1 : 58);
  const arrival = hook === "output" ? null : name("in");
  return {
    in: arrival === "" ? null : arrival, source: address("source"), destination: address("destination"), protocol,
    sourcePort: isPorted ? number("sourcePort") || 40_000 : null,
    destinationPort: isPorted ? number("destinationPort") || 9 : null,
    tcpFlags: protocol === 6 ? flagsFor(state, layout.numbers.has("tcpFlags") ? (number("tcpFlags") ?? 0) : null) : null,
    icmpType: isIcmp ? (number("icmpType") ?? (family === 4 ? 8 : 128)) : null,
    icmpCode: isIcmp ? (number("icmpCode") ?? 0) : null,
  };
}

function flagsFor(state: string, flags: number | null): number {
  return flags ?? (state === "NEW" ? flagBits.SYN : state === "INVALID" ? 0 : flagBits.ACK);
}

/** To the address of this host that the door asks for, or to the one that it has towards the sender. */
function throughDoor(packet: Packet, { address, port, family }: Door, { network }: Judged): Packet[] {
  const own = address ?? (packet.in === null || network === null ? null : (network.sourceAddress(packet.in, packet.source)?.value ?? null));
  if (own === null) return [];
  return [{ ...packet, destination: { family, value: own }, destinationPort: packet.destinationPort === null ? null : (port ?? packet.destinationPort) }];
}

/** The packet as the answer within a connection that its receiver opened. */
function asAnswer(packet: Packet, { hook }: Stage, { prepared, network }: Judged): Sent[] {
  const opener = openerOf(packet, hook, network);
  if (opener === null) return [];
  const { connection } = walkPacket(prepared, opener, { network, connection: null, scenario: "within" });
  return connection === null ? [] : [{ packet, connection: { ...connection, state: "ESTABLISHED", direction: "reply" } }];
}

function openerOf(packet: Packet, hook: string, network: Judged["network"]): Packet | null {
  const turned = { source: packet.destination, destination: packet.source, sourcePort: packet.destinationPort, destinationPort: packet.sourcePort };
  const tcpFlags = packet.tcpFlags === null ? null : flagBits.SYN;
  if (network === null) return null;
  if (hook === "input") return { ...packet, ...turned, tcpFlags, in: null };
  const route = network.routeOutput({ source: packet.source, destination: packet.destination, mark: 0, protocol: packet.protocol, sourcePort: packet.sourcePort, destinationPort: packet.destinationPort });
  return route.kind === "out" && route.out !== "lo" ? { ...packet, ...turned, tcpFlags, in: route.out } : null;
}
