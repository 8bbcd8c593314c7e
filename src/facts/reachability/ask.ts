/** Whether packets get from one place to another, by which ports, and which rule says so. */
import { type AlikeGroup, askPorts, askPortsFrom, type Intervals, type PortClass, subtract, uniteAll, unitePorts, walkPacket } from "../../netfilter/index.ts";
import { isUndecided } from "../exposure/evidence.ts";
import { firstPacket } from "../exposure/packets.ts";
import { listPortRanges } from "../exposure/port-ranges.ts";
import type { BridgeScene, Scene } from "../exposure/scene.ts";
import { listSources } from "../exposure/visits.ts";
import type { Reach } from "../model/topology.ts";
import { explainFate } from "./explain.ts";

export interface Sender {
  readonly from: Reach["from"];
  readonly family: 4 | 6;
  /** The interface on which its packets come. */
  readonly in: string;
  /** Whoever sends, and one of them. */
  readonly sources: Intervals<bigint>;
  readonly source: string;
  /** Of a network: those that no rule tells from each other. Null: more than could be listed. */
  readonly groups: readonly AlikeGroup[] | null;
}

export interface Question {
  readonly address: string;
  /** Null: every port of TCP, as other machines are always asked about. */
  readonly port: { readonly number: number; readonly protocol: "tcp" | "udp" } | null;
}

/** Where a packet that arrives is handed to: this host, another by whatever interface, one on the bridge. */
export type Delivered = "host" | "forward" | Pick<BridgeScene, "bridge">;

export type Answer = Pick<Reach, "state" | "ports" | "sources" | "why">;

/** Of all questions together: what any of them reaches is reached. `within`: their answers while limits are kept, where they are known. */
export function askWays(
  scene: Scene, sender: Sender, questions: readonly Question[], delivered: readonly Delivered[],
  within: readonly PortClass[] = questions.flatMap((question) => ask(scene, sender, question, "within")),
): Answer {
  const arrives = ({ walk }: PortClass): boolean => walk.verdict === "accept" && delivered.some((place) => (typeof place === "string" ? place === walk.delivered : walk.delivered === "forward" && walk.out === place.bridge));
  const arriving = within.filter(arrives);
  const [first] = arriving;
  if (first === undefined) {
    const open = within.find(({ walk }) => isUndecided(walk));
    const decisive = open ?? within[0];
    return { state: open === undefined ? "closed" : "unknown", ports: [], sources: [], why: decisive === undefined ? "there is no address to send to" : explainFate(decisive.walk) };
  }
  const sources = uniteAll(arriving.map((one) => one.sources));
  // Most ways meet no limit, and are not asked twice.
  const isLimited = arriving.some(({ walk }) => walk.limits.length > 0) && !questions.some((question) => ask(scene, sender, question, "beyond").some(arrives));
  const who = sender.groups !== null && subtract(sender.sources, sources).length === 0 ? ["any source"] : listSources(sources, [{ space: sender.sources }], sender.family);
  return { state: !isLimited && who[0]?.startsWith("any source") === true ? "reachable" : "limited", ports: listPortRanges(unitePorts(arriving)), sources: who, why: explainFate(first.walk) };
}

function ask({ prepared, network }: Scene, { in: name, source, groups, sources }: Sender, { address, port }: Question, scenario: "within" | "beyond"): readonly PortClass[] {
  const packet = firstPacket({ in: name, source, to: address, port: port?.number ?? 1, protocol: port?.protocol ?? "tcp" });
  if (groups === null) return askPorts(prepared, network, packet, sources, scenario);
  if (port === null) return askPortsFrom(prepared, network, packet, groups, scenario);
  const ports = [port.number, port.number + 1];
  return groups.map(({ first, set }) => {
    const witness = { ...packet, source: first };
    return { ports, sources: set, witness, walk: walkPacket(prepared, witness, { network, connection: null, scenario }) };
  });
}
