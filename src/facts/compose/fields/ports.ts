/** Published ports: what is written against what runs, neighbours that differ alike as one range. */
import type { PublishedPort } from "../../model/container.ts";
import { listAt, numberAt, textAt } from "../../raw.ts";
import type { Field, Pair, Telling } from "../field.ts";
import { placeIn, type Written } from "../written.ts";

type Side = "written" | "running";

interface Binding {
  readonly address: string;
  /** Null where it is left to the engine. */
  readonly hostPort: number | null;
  readonly at: string;
}

/** Of one container port, since one may be published at several places. */
interface Port extends Readonly<Record<Side, readonly Binding[]>> {
  readonly number: number;
  readonly protocol: string;
  /** Either side leaves the host's port to the engine: it is not compared. */
  readonly isChosen: boolean;
}

export function comparePorts({ written, running }: Pair): Field {
  const ranges = joinRanges(groupPorts(listAt(written.service.facts, "ports"), running.ports), written);
  return { name: "ports", at: "/ports", written: tellRanges(ranges, "written"), running: tellRanges(ranges, "running"), absent: "not published" };
}

/** Whether an engine has IPv6 to publish at too is nothing that a file says. */
function groupPorts(written: readonly unknown[], running: readonly unknown[]): Port[] {
  const groups = new Map<string, { number: number; protocol: string; written: Binding[]; running: Binding[] }>();
  const add = (side: Side, ports: readonly unknown[]): void => {
    ports.forEach((port, index) => {
      const [number, protocol] = [numberAt(port, "containerPort") ?? 0, textAt(port, "protocol") ?? ""];
      const group = groups.get(`${number}/${protocol}`) ?? { number, protocol, written: [], running: [] };
      groups.set(`${number}/${protocol}`, group);
      const address = textAt(port, "scope") === ("any" satisfies PublishedPort["scope"]) ? "every interface" : (textAt(port, "hostIp") ?? "");
      group[side].push({ address, hostPort: numberAt(port, "hostPort"), at: `/ports/${index}` });
    });
  };
  add("written", written);
  add("running", running);
  return [...groups.values()].map((group) => ({ ...group, isChosen: [...group.written, ...group.running].some(({ hostPort }) => hostPort === null) }));
}

/** What is the same on both sides stands alone: each port of it has a place. Others join where one line of a file, or none, says the same of them. */
function joinRanges(ports: readonly Port[], written: Written): (readonly [Port, ...Port[]])[] {
  const ranges: [Port, ...Port[]][] = [];
  let shape = "";
  for (const port of [...ports].sort((a, b) => (a.protocol === b.protocol ? a.number - b.number : a.protocol < b.protocol ? -1 : 1))) {
    const range = ranges.at(-1);
    const own = describeShape(port, written);
    if (range !== undefined && own === shape && range.at(-1)?.number === port.number - 1 && sayBindings([port], "written") !== sayBindings([port], "running")) range.push(port);
    else ranges.push([port]);
    shape = own;
  }
  return ranges;
}

/** What ports of one range have in common. */
function describeShape(port: Port, written: Written): string {
  const shift = (bindings: readonly Binding[]): unknown[] => bindings.map(({ address, hostPort }) => [address, port.isChosen || hostPort === null ? null : hostPort - port.number]);
  return JSON.stringify([port.protocol, port.isChosen, shift(port.written), shift(port.running), port.written.map(({ at }) => placeIn(written, at))]);
}

function tellRanges(ranges: readonly (readonly [Port, ...Port[]])[], side: Side): Telling {
  return new Map(ranges.filter(([first]) => first[side].length > 0).map((range) => {
    const [first] = range;
    const parts = range.flatMap((port) => port[side].flatMap(({ at }) => PARTS.map((part) => at + part)));
    return [`ports ${sayNumbers(first.number, range.length)}/${first.protocol}`, { value: sayBindings(range, side), at: first[side][0]?.at ?? "/ports", parts, elements: indexBindings(range, side) }];
  }));
}

const PARTS = ["/hostIp", "/hostPort", "/containerPort", "/protocol"];

function sayBindings(range: readonly [Port, ...Port[]], side: Side): string {
  return [...indexBindings(range, side).keys()].sort().join(", ");
}

/** Pointers of the first port's, by what they are called. */
function indexBindings([first, ...others]: readonly [Port, ...Port[]], side: Side): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>();
  for (const { address, hostPort, at } of first[side]) {
    const word = first.isChosen ? address : `${address}:${sayNumbers(hostPort ?? 0, 1 + others.length)}`;
    index.set(word, [...(index.get(word) ?? []), at]);
  }
  return index;
}

function sayNumbers(first: number, count: number): string {
  return count === 1 ? String(first) : `${first}-${first + count - 1}`;
}
