/** Where a flow begins, and what is told at its end. */
import { type Address, formatAddress } from "../addresses.ts";
import { type Flow, type FlowConnection, unknown } from "./flow.ts";
import type { HostNetwork } from "./network.ts";
import type { Connection, Packet } from "./packet.ts";
import type { Delivery } from "./run.ts";

export interface Fate {
  readonly verdict: "accept" | "drop" | "reject" | "depends" | "unknown";
  /** Null where it is not delivered, or it is not known where. */
  readonly delivered: "host" | "forward" | null;
  /** Where it goes (or went, when it was dropped); null where that is not known. */
  readonly to: { readonly address: string; readonly port: number | null } | null;
  /** The interface by which it leaves; null where it does not, or that is not known. */
  readonly out: string | null;
  /** For verdicts other than accept. */
  readonly reason: string | null;
}

/** The packet as it arrives, before anything is known of its connection. */
export function startFlow(packet: Packet, network: HostNetwork | null): Flow {
  const { source, destination, protocol, sourcePort, destinationPort, tcpFlags, icmpType, icmpCode } = packet;
  return {
    family: destination.family,
    protocol, sourcePort, destinationPort, tcpFlags, icmpType, icmpCode,
    in: packet.in ?? "",
    out: "",
    physicalIn: "",
    physicalOut: "",
    source: source.value,
    destination: destination.value,
    packetType: packet.in === null ? 0 : packetTypeOf(destination, packet.in, network),
    mark: 0,
    user: packet.in === null ? unknown : null,
    state: "INVALID",
    connection: null,
  };
}

/** As the link layer addresses it: PACKET_HOST, BROADCAST, MULTICAST. The broadcast of another link is no broadcast on this one. */
function packetTypeOf(destination: Address, name: string, network: HostNetwork | null): Flow["packetType"] {
  if (destination.family === 6) return destination.value >> 120n === 0xffn ? 2 : 0;
  if (destination.value >> 28n === 0xen) return 2;
  if (destination.value === 0xffffffffn) return 1;
  if (network === null) return unknown;
  const type = network.addressType(destination, network.link(name)?.master ?? name);
  return type === unknown ? unknown : type === "broadcast" ? 1 : 0;
}

/** What became of it, as the walk tells. */
export function toFate(end: Delivery, flow: Flow): Fate {
  const port = flow.destinationPort;
  const to = flow.destination === unknown || port === unknown ? null : { address: formatAddress({ family: flow.family, value: flow.destination }), port };
  if (end.verdict !== "accept") return { verdict: end.verdict, delivered: null, to, out: null, reason: end.reason };
  return { verdict: "accept", delivered: end.delivered, to, out: flow.out === "" || flow.out === unknown ? null : flow.out, reason: null };
}

/** What is tracked of it; null where nothing is, or not all of it is known. */
export function toConnection({ family, state, connection }: Flow): Connection | null {
  if (connection === null || (state !== "NEW" && state !== "ESTABLISHED" && state !== "RELATED")) return null;
  const [original, reply] = [toTuple(family, connection.original), toTuple(family, connection.reply)];
  if (original === null || reply === null) return null;
  const { direction, protocol, mark, status } = connection;
  return { state, direction, original, reply, protocol, mark, status };
}

function toTuple(family: 4 | 6, { source, destination, sourcePort, destinationPort }: FlowConnection["original"]): Connection["original"] | null {
  if (source === unknown || destination === unknown) return null;
  const port = (value: typeof sourcePort): number | null => (value === unknown ? null : value);
  return { source: { family, value: source }, destination: { family, value: destination }, sourcePort: port(sourcePort), destinationPort: port(destinationPort) };
}
