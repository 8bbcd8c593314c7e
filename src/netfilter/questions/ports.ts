/** Which ports of a destination a packet gets to, from each source. */
import { type Intervals, numberRange, uniteAll } from "../sets/intervals.ts";
import type { HostNetwork } from "../walk/network.ts";
import type { Packet } from "../walk/packet.ts";
import type { Prepared } from "../walk/prepare.ts";
import { type Walk, walkPacket } from "../walk/walk.ts";
import type { AlikeGroup } from "./alike.ts";
import { listPortBounds } from "./port-bounds.ts";
import { askSources } from "./sources.ts";

/** Sources and ports that fare alike. */
export interface PortClass {
  readonly ports: Intervals<number>;
  readonly sources: Intervals<bigint>;
  /** The packet that was walked. */
  readonly witness: Packet;
  readonly walk: Walk;
}

export type LimitsKept = "within" | "beyond";

/**
 * Ports 1 to 65535 are cut where a rule tells one from the next; one packet of each class is walked, so that the answer holds for all. Limits
 * are kept, unless they are said to be exceeded.
 */
export function askPorts(prepared: Prepared, network: HostNetwork, packet: Packet, sources: Intervals<bigint>, scenario: LimitsKept = "within"): PortClass[] {
  return cutPorts(listPortBounds(prepared.firewall, network, packet, "any")).flatMap(({ from, ports }) =>
    askSources(prepared, { ...packet, destinationPort: from }, sources, { network, connection: null, scenario }).map(({ sources: some, witness, walk }) => ({ ports, sources: some, witness, walk })));
}

/** The same from a few addresses, grouped as sources (`groupAlike`): each group is asked about once, which takes less than parting a whole space. */
export function askPortsFrom(prepared: Prepared, network: HostNetwork, packet: Packet, groups: readonly AlikeGroup[], scenario: LimitsKept = "within"): PortClass[] {
  return groups.flatMap(({ first, set: sources }) => {
    const own = { ...packet, source: first };
    return cutPorts(listPortBounds(prepared.firewall, network, own, "own")).map(({ from, ports }) => {
      const witness = { ...own, destinationPort: from };
      return { ports, sources, witness, walk: walkPacket(prepared, witness, { network, connection: null, scenario }) };
    });
  });
}

function cutPorts(starts: readonly number[]): { from: number; ports: Intervals<number> }[] {
  return starts.map((from, index) => ({ from, ports: numberRange(from, (starts[index + 1] ?? 65_536) - 1) }));
}

/** The ports of those classes. */
export function unitePorts(classes: readonly PortClass[]): Intervals<number> {
  return uniteAll(classes.map(({ ports }) => ports));
}
