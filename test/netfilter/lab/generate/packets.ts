/** Random packets from every side of the lab, each of a connection of its own. */
import fc from "fast-check";
import type { Packet } from "../../../../src/netfilter/walk/packet.ts";
import type { Family } from "../../vocabulary/terms.ts";
import { addressOf } from "../frames.ts";
import type { LabPacket } from "../lab.ts";
import { OWN, SPOTS, type Place } from "../topology.ts";
import { anyAddress, containerAddress, knownPort, outsideAddress, ownAddress } from "./terms.ts";

export function arbitraryPackets(family: Family, count: number): fc.Arbitrary<readonly LabPacket[]> {
  // A packet that is sent twice would be the second of its flow.
  return fc.array(packet(family), { minLength: count, maxLength: count, size: "max" }).map((packets) => [...new Map(packets.map((one, index) => [connectionOf(one.packet, index), { ...one, echo: index }])).values()]);
}

/** ICMP is told apart by its identifier, which every packet has of its own. */
function connectionOf({ source, destination, protocol, sourcePort, destinationPort }: Packet, index: number): string {
  const ends = [source.value, destination.value].map(String).sort().join();
  if (protocol === 6 || protocol === 17) return [ends, protocol, [sourcePort, destinationPort].map(String).sort().join()].join();
  return protocol === 50 ? `${ends},50` : `${ends},${String(index)}`;
}

function packet(family: Family): fc.Arbitrary<LabPacket> {
  const from = fc.constantFrom<Place | "host">("outside", "outside", "outside", "neighbour", "a1", "a1", "a2", "b1", "host");
  return from.chain((place) => fc.tuple(sourceOf(place, family), destinationOf(place, family), body(family)).map(([source, destination, rest]) => ({
    from: place,
    packet: { in: place === "host" ? null : (SPOTS[place].port ?? SPOTS[place].iface), source: addressOf(source), destination: addressOf(destination), ...rest },
  })));
}

function sourceOf(place: Place | "host", family: Family): fc.Arbitrary<string> {
  if (place === "host") return ownAddress(family);
  const own = SPOTS[place][family === 4 ? "address4" : "address6"];
  const behind = place === "outside" ? outsideAddress(family) : fc.constant(own);
  return fc.oneof({ weight: 6, arbitrary: behind }, { weight: 1, arbitrary: anyAddress(family) });
}

function destinationOf(place: Place | "host", family: Family): fc.Arbitrary<string> {
  const iface = place === "host" ? "eth0" : SPOTS[place].iface;
  const special = family === 4 ? ["255.255.255.255", "127.0.0.1", "224.0.0.1", iface === "docker0" ? "172.17.255.255" : "192.0.2.255"] : ["ff02::1", "::1", OWN[iface]?.address6 ?? "::1"];
  const usual = fc.oneof({ weight: 3, arbitrary: ownAddress(family) }, { weight: 3, arbitrary: containerAddress(family) }, { weight: 2, arbitrary: anyAddress(family) });
  // What a container sends to itself never leaves it; the host's own broadcasts have no interface to go by.
  const self = place === "host" ? "" : SPOTS[place][family === 4 ? "address4" : "address6"];
  return fc.oneof({ weight: 12, arbitrary: usual }, { weight: place === "host" ? 0 : 1, arbitrary: fc.constantFrom(...special) }).filter((address) => address !== self);
}

type Body = Omit<Packet, "in" | "source" | "destination">;
const NO_PORTS = { sourcePort: null, destinationPort: null, tcpFlags: null, icmpType: null, icmpCode: null } as const;

function body(family: Family): fc.Arbitrary<Body> {
  const sourcePort = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 20000, max: 39999 }) }, { weight: 1, arbitrary: knownPort });
  const destinationPort = fc.oneof({ weight: 8, arbitrary: knownPort }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 65535 }) });
  // SYN mostly; then what a lone packet can be.
  const flags = fc.oneof({ weight: 6, arbitrary: fc.constant(2) }, { weight: 4, arbitrary: fc.constantFrom(0, 1, 16, 18, 4, 20, 41, 63, 3, 6, 17, 24, 34, 10, 48, 194) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 63 }) });
  const icmp = family === 4 ? fc.constantFrom([8, 0], [0, 0], [13, 0]) : fc.constantFrom([128, 0], [129, 0]);
  return fc.oneof(
    { weight: 6, arbitrary: fc.record({ protocol: fc.constant(6), sourcePort, destinationPort, tcpFlags: flags }).map((own): Body => ({ ...NO_PORTS, ...own })) },
    { weight: 3, arbitrary: fc.record({ protocol: fc.constant(17), sourcePort, destinationPort }).map((own): Body => ({ ...NO_PORTS, ...own })) },
    { weight: 1, arbitrary: icmp.map(([icmpType = 0, icmpCode = 0]): Body => ({ ...NO_PORTS, protocol: family === 4 ? 1 : 58, icmpType, icmpCode })) },
    { weight: 1, arbitrary: fc.constant<Body>({ ...NO_PORTS, protocol: 50 }) },
  );
}
