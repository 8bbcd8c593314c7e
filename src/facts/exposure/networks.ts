/** Networks of a live engine with the members whose packets get out to other machines. */
import { addressSet, askPorts, contains, type PortClass, unitePorts } from "../../netfilter/index.ts";
import type { Snapshot } from "../../snapshot/model.ts";
import type { Network } from "../model/network.ts";
import { deriveNetworks } from "../network.ts";
import type { Derived } from "../resource.ts";
import { sayReason } from "./evidence.ts";
import { firstPacket, toAddress } from "./packets.ts";
import { listPortRanges } from "./port-ranges.ts";
import { setScene, type BridgeScene, type Scene } from "./scene.ts";

/** Addresses that are nobody's (RFC 5737, RFC 3849) stand for the Internet. */
const INTERNET = { 4: "203.0.113.1", 6: "2001:db8:ffff::1" } as const;
/** Their packets are not forwarded by this host's rules as those of a bridge are. */
const ELSEWHERE = ["macvlan", "ipvlan", "overlay"];

/** As `deriveNetworks`. A network that no container runs on lets nobody out. */
export function deriveExposedNetworks(snapshot: Snapshot): Derived<Network> {
  const { resources, source } = deriveNetworks(snapshot);
  if (resources.every(({ members }) => members.length === 0)) return { resources, source };
  const scene = setScene(snapshot);
  return { resources: resources.map((network) => (network.members.length === 0 ? network : expose(network, scene))), source };
}

function expose(network: Network, scene: Scene | string): Network {
  const unseen = (reason: string): Network => ({ ...network, unknown: { ...network.unknown, "/outgoing": reason } });
  if (ELSEWHERE.includes(network.driver)) return unseen(`packets of a ${network.driver} network do not pass this host's rules as those of a bridge do`);
  if (network.bridge === null) return network;
  if (typeof scene === "string") return unseen(scene);
  const bridge = scene.bridges.find(({ name }) => name === network.name);
  if (bridge === undefined) return network;
  const ways = ([4, 6] as const).flatMap((family) => askOut(scene, bridge, family));
  const outgoing = network.members.flatMap(({ key, container, service }) => {
    const witness = findWay(key, bridge, ways);
    return witness === null ? [] : [{ key, container, service, witness }];
  });
  const open = ways.flatMap(({ classes }) => classes).find(({ walk }) => walk.verdict === "unknown");
  const unknown = open === undefined ? network.unknown : { ...network.unknown, "/outgoing/-": sayReason(open.walk) };
  return { ...network, outgoing, unknown };
}

interface Way {
  readonly to: string;
  readonly family: 4 | 6;
  readonly classes: readonly PortClass[];
}

/** To a neighbour on each interface that leads outside, and to the Internet; for all members at once. */
function askOut({ prepared, network, outsides }: Scene, bridge: BridgeScene, family: 4 | 6): Way[] {
  const addresses = bridge.members.flatMap(({ address4, address6 }) => (family === 4 ? address4 : address6) ?? []);
  const [source] = addresses;
  const targets = outsides.filter((one) => one.family === family).map(({ visitor }) => visitor);
  if (source === undefined || targets.length === 0) return [];
  return [...targets, INTERNET[family]].map((to) => ({
    to, family, classes: askPorts(prepared, network, firstPacket({ in: bridge.bridge, source, to, port: 1, protocol: "tcp" }), addressSet(addresses.map(toAddress))),
  }));
}

/** Where the member's packets get out, in words; null for nowhere. */
function findWay(id: string, { members }: BridgeScene, ways: readonly Way[]): string | null {
  const own = members.filter(({ container }) => container === id).flatMap(({ address4, address6 }) => [address4, address6].filter((address) => address !== null));
  for (const source of own) {
    const { value, family } = toAddress(source);
    for (const { to, classes } of ways.filter((way) => way.family === family)) {
      const open = classes.filter(({ walk, sources }) => walk.verdict === "accept" && walk.delivered === "forward" && contains(sources, value));
      if (open.length > 0) return `tcp from ${source} to ${to}, ports ${listPortRanges(unitePorts(open)).join(", ")}`;
    }
  }
  return null;
}
