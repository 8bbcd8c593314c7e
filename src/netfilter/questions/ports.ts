/** Which ports of a destination a packet gets to, from each source. */
import { type Intervals, numberRange, uniteAll } from "../sets/intervals.ts";
import type { HostNetwork } from "../walk/network.ts";
import type { Packet } from "../walk/packet.ts";
import type { Prepared } from "../walk/prepare.ts";
import type { Walk } from "../walk/walk.ts";
import { listPortBounds } from "./port-bounds.ts";
import { askSources } from "./sources.ts";

/** Sources and ports that fare alike. */
export interface PortClass {
  readonly ports: Intervals<number>;
  readonly sources: Intervals<bigint>;
  readonly walk: Walk;
}

/** Ports 1 to 65535 are cut where a rule tells one from the next; one packet of each class is walked, so that the answer holds for all. Limits are kept. */
export function askPorts(prepared: Prepared, network: HostNetwork, packet: Packet, sources: Intervals<bigint>): PortClass[] {
  const starts = listPortBounds(prepared.firewall, network, packet);
  return starts.flatMap((from, index) => {
    const ports = numberRange(from, (starts[index + 1] ?? 65_536) - 1);
    return askSources(prepared, { ...packet, destinationPort: from }, sources, { network, connection: null, scenario: "within" }).map(({ sources: some, walk }) => ({ ports, sources: some, walk }));
  });
}

/** The ports of those classes. */
export function unitePorts(classes: readonly PortClass[]): Intervals<number> {
  return uniteAll(classes.map(({ ports }) => ports));
}
