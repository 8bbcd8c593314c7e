/** What becomes of connections to a TCP port of this host, from every source of a set. */
import { formatAddress } from "../addresses.ts";
import type { Firewall } from "../firewall/model.ts";
import { flagBits } from "../firewall/tests.ts";
import { contains, intersect, type Intervals, uniteAll } from "../sets/intervals.ts";
import type { HostNetwork } from "../walk/network.ts";
import type { Packet } from "../walk/packet.ts";
import { askAnswer, type Change, unknownWalk, type Witness } from "./connection.ts";
import { askSources, type SourceClass } from "./sources.ts";
import { otherMachines } from "./space.ts";
import { listFieldTests } from "./tests-of.ts";

export interface WantedAccess {
  readonly family: 4 | 6;
  readonly sources: Intervals<bigint>;
  readonly port: number;
}

/**
 * New connections and packets of open ones, with the answers to them, for each class of sources that fare alike, while limits are kept. The host's address is the one
 * that it has towards them. Sources to which no route leads are left out; if none is left, that is unknown.
 */
export function askAccess(change: Change, wanted: WantedAccess): readonly Witness[] {
  const groups = groupByArrival(change.network, wanted);
  const witnesses = groups.flatMap((group) => askGroup(change, wanted, group));
  if (witnesses.length > 0) return witnesses;
  const [source = 0n] = wanted.sources;
  const address = { family: wanted.family, value: source };
  return [{ packet: packetOf(null, source, { ...wanted, server: source }), what: "a new connection", walk: unknownWalk(`no route leads to ${formatAddress(address)} and its like`) }];
}

/** Sources that come by one interface; null: on this host itself. */
interface Group {
  readonly in: string | null;
  readonly sources: Intervals<bigint>;
}

/** The way back is taken for the way on which they come. */
function groupByArrival(network: HostNetwork, { family, sources }: WantedAccess): readonly Group[] {
  const { bounds } = network.sourceCuts(family);
  const space = intersect(sources, otherMachines(family, []));
  const groups = new Map<string | null, Intervals<bigint>[]>();
  for (const range of cutAt(space.length === 0 ? sources : space, bounds)) {
    const [first = 0n] = range;
    const address = { family, value: first };
    const route = network.routeOutput({ source: { family, value: 0n }, destination: address, mark: 0, protocol: 6, sourcePort: null, destinationPort: null });
    if (route.kind !== "out") continue;
    const name = route.out === "lo" ? null : route.out;
    groups.set(name, [...(groups.get(name) ?? []), range]);
  }
  return [...groups].map(([name, ranges]) => ({ in: name, sources: uniteAll(ranges) }));
}

function askGroup(change: Change, { family, port }: WantedAccess, { in: name, sources }: Group): readonly Witness[] {
  const { prepared, network } = change;
  const [first = 0n] = sources;
  const own = name === null ? { family, value: first } : network.sourceAddress(name, { family, value: first });
  if (own === null) return [{ packet: packetOf(name, first, { family, port, server: first }), what: "a new connection", walk: unknownWalk(`${String(name)} has no address of that family`) }];
  const packet = packetOf(name, first, { family, port, server: own.value });
  const fresh = askSources(prepared, packet, sources, { network, connection: null, scenario: "within" });
  const open = askSources(prepared, { ...packet, tcpFlags: flagBits.ACK | flagBits.PSH }, sources, { network, connection: "ESTABLISHED", scenario: "within" });
  return [
    ...fresh.map(({ witness, walk }) => ({ packet: witness, what: "a new connection", walk })),
    ...open.map(({ witness, walk }) => ({ packet: witness, what: "of an open connection", walk })),
    ...fresh.filter(({ walk }) => walk.verdict === "accept").flatMap((one) => askAnswers(change, one)),
  ];
}

/** More classes of destinations than anybody's output rules tell apart. */
const MOST_ANSWERS = 4096;

/** The answers go to the sources: one to each class that a rule or a route may tell from the next. */
function askAnswers({ prepared, network }: Change, { sources, witness, walk }: SourceClass): readonly Witness[] {
  const ranges = cutAt(sources, clientBounds(prepared.firewall, witness.source.family));
  if (ranges.length > MOST_ANSWERS) return [{ packet: witness, what: "the answer to a new connection", walk: unknownWalk(`the rules tell ${String(ranges.length)} classes of clients apart`) }];
  return ranges.map(([value = 0n]) => {
    const syn = { ...witness, source: { family: witness.source.family, value } };
    const reply = walk.connection === null ? null : { ...walk.connection, original: { ...walk.connection.original, source: syn.source }, reply: { ...walk.connection.reply, destination: syn.source } };
    return askAnswer(prepared, network, syn, { ...walk, connection: reply });
  });
}

/** Where a rule tells one client of an answer from the next. */
function clientBounds(firewall: Firewall, family: 4 | 6): readonly bigint[] {
  const bounds = new Set<bigint>();
  for (const test of listFieldTests(firewall)) {
    if (test.kind === "address" && test.family === family && /^(destination|originalSource|replyDestination)$/.test(test.field)) for (const bound of test.set) bounds.add(bound);
  }
  return [...bounds].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** The ranges of a set, cut at these bounds. */
function cutAt(set: Intervals<bigint>, bounds: readonly bigint[]): Intervals<bigint>[] {
  const inner = bounds.filter((bound) => contains(set, bound));
  const edges = [...new Set([...set, ...inner])].sort((a, b) => (a < b ? -1 : 1));
  return edges.flatMap((from, index) => {
    const to = edges[index + 1];
    return to !== undefined && contains(set, from) ? [[from, to]] : [];
  });
}

function packetOf(name: string | null, source: bigint, { family, port, server }: { readonly family: 4 | 6; readonly port: number; readonly server: bigint }): Packet {
  return {
    in: name, source: { family, value: source }, destination: { family, value: server }, protocol: 6, sourcePort: 40_000, destinationPort: port, tcpFlags: flagBits.SYN, icmpType: null, icmpCode: null,
  };
}
