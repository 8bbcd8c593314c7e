/** Which ports of a destination a packet gets to. */
import type { Firewall } from "../firewall/model.ts";
import { type Intervals, numberRange, uniteAll } from "../sets/intervals.ts";
import type { HostNetwork } from "../walk/network.ts";
import type { Packet } from "../walk/packet.ts";
import type { Prepared } from "../walk/prepare.ts";
import { walkPacket, type Walk } from "../walk/walk.ts";
import { listFieldTests } from "./tests-of.ts";

export interface PortAnswer {
  readonly ports: Intervals<number>;
  /** Of the first port of each of its classes. */
  readonly walks: readonly Walk[];
}

export interface PortAnswers {
  readonly accepted: PortAnswer;
  readonly unknown: PortAnswer;
}

/**
 * Ports 1 to 65535 are cut where a rule tells one from the next; of each class one packet is walked, so that the answer holds for all. `accepts`
 * tells what counts as getting there.
 */
export function askPorts(prepared: Prepared, network: HostNetwork, packet: Packet, accepts: (walk: Walk) => boolean): PortAnswers {
  const starts = listPortBounds(prepared.firewall);
  const accepted: { range: Intervals<number>; walk: Walk }[] = [];
  const unknown: { range: Intervals<number>; walk: Walk }[] = [];
  starts.forEach((from, index) => {
    const range = numberRange(from, (starts[index + 1] ?? 65_536) - 1);
    const walk = walkPacket(prepared, { ...packet, destinationPort: from }, { network, connection: null, scenario: "within" });
    if (walk.verdict === "unknown" || walk.verdict === "depends") unknown.push({ range, walk });
    else if (walk.verdict === "accept" && accepts(walk)) accepted.push({ range, walk });
  });
  return { accepted: join(accepted), unknown: join(unknown) };
}

function join(found: readonly { range: Intervals<number>; walk: Walk }[]): PortAnswer {
  return { ports: uniteAll(found.map(({ range }) => range)), walks: found.map(({ walk }) => walk) };
}

const bounds = new WeakMap<Firewall, readonly number[]>();

/** The first port of each class: every bound of every set of ports, whoever asks. Translation by a base port tells every port from the next, but not what becomes of it. */
function listPortBounds(firewall: Firewall): readonly number[] {
  const known = bounds.get(firewall);
  if (known !== undefined) return known;
  const found = new Set([1]);
  for (const test of listFieldTests(firewall)) if (test.kind === "number" && /Port$/.test(test.field)) for (const bound of test.set) found.add(bound);
  const sorted = [...found].filter((port) => port >= 1 && port <= 65_535).sort((a, b) => a - b);
  bounds.set(firewall, sorted);
  return sorted;
}
