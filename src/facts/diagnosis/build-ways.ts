/** Ways of packets as the netfilter engine tells them for the host of a snapshot. */
import { askSources, formatAddress, type HostNetwork, ownerOfChain, type Prepared, type Walk, walkPacket } from "../../netfilter/index.ts";
import type { Snapshot } from "../../snapshot/model.ts";
import { decidingRule, sayReason } from "../exposure/evidence.ts";
import { firstPacket } from "../exposure/packets.ts";
import { setScene } from "../exposure/scene.ts";
import { listSources, saySources } from "../exposure/visits.ts";
import type { Fate, Ways } from "./ways.ts";

/** A text is the reason why nothing can be told. */
export function buildWays(snapshot: Snapshot): Ways | string {
  const scene = setScene(snapshot);
  if (typeof scene === "string") return scene;
  const { prepared, network, outsides: outside, machines } = scene;
  return {
    visitedAddress: (family) => outside.find((one) => one.family === family)?.own ?? null,
    fromOutside(to, port, protocol) {
      const family = to.includes(":") ? 6 : 4;
      const way = outside.find((one) => one.own === to) ?? outside.find((one) => one.family === family);
      if (way === undefined) return null;
      const space = machines[family];
      const packet = firstPacket({ source: way.visitor, to, port, protocol, in: way.name });
      return askSources(prepared, packet, space, { network, connection: null, scenario: null }).map(({ sources, witness, walk }) => ({
        ...toFate(walk), from: saySources(listSources(sources, [{ space }], family)), visitor: formatAddress(witness.source), byRouting: walk.verdict === "drop" && walk.hops.at(-1)?.table === null,
      }));
    },
    fromContainer: (packet) => send(prepared, network, packet),
  };
}

interface Question {
  readonly source: string;
  readonly to: string;
  readonly port: number;
  readonly protocol: "tcp" | "udp";
  readonly in: string;
}

function send(prepared: Prepared, network: HostNetwork, question: Question): Fate {
  return toFate(walkPacket(prepared, firstPacket(question), { network, connection: null, scenario: null }));
}

function toFate(walk: Walk): Fate {
  const { verdict, to: target, delivered } = walk;
  return { verdict, to: target, delivered, ...describeReason(walk) };
}

const TOOLS: Readonly<Record<string, string>> = { "legacy ip": "iptables-legacy", "legacy ip6": "ip6tables-legacy", "nft ip": "iptables", "nft ip6": "ip6tables" };

/** The rule of the last hop, or the reason in the walk's own words. What Docker wrote is its own to mend. */
function describeReason(walk: Walk): Pick<Fate, "because" | "remedy"> {
  if (walk.verdict === "accept") return { because: null, remedy: null };
  const source = decidingRule(walk);
  if (source === null) return { because: walk.reason, remedy: null };
  const tool = TOOLS[`${source.backend} ${source.family}`];
  const own = ownerOfChain(source.chain) === "docker" && source.chain !== "DOCKER-USER";
  const remedy = walk.verdict === "unknown" || tool === undefined || own ? null : `${tool} -t ${source.table} ${source.text.replace(/^-[AI]/, "-D")}`;
  return { because: sayReason(walk), remedy };
}
