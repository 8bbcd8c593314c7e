/** Networks of a live engine with the members whose packets get out to other machines. */
import { addressSet, askPorts, contains, type PortClass, unitePorts } from "../../netfilter/index.ts";
import type { Snapshot } from "../../snapshot/model.ts";
import { deriveContainers } from "../container.ts";
import type { Container } from "../model/container.ts";
import type { Network } from "../model/network.ts";
import { deriveNetworks } from "../network.ts";
import type { Derived } from "../resource.ts";
import { type Tell, TELL_NOBODY } from "../tell.ts";
import { ownerOf } from "./containers.ts";
import { isUndecided, sayReason } from "./evidence.ts";
import { firstPacket, toAddress } from "./packets.ts";
import { listPortRanges } from "./port-ranges.ts";
import { setScene, type Scene } from "./scene.ts";

/** Addresses that are nobody's (RFC 5737, RFC 3849) stand for the Internet. */
const INTERNET = { 4: "203.0.113.1", 6: "2001:db8:ffff::1" } as const;

/** As `deriveNetworks`. A network that no container runs on lets nobody out. */
export function deriveExposedNetworks(snapshot: Snapshot, tell: Tell = TELL_NOBODY): Derived<Network> {
  const { resources, source } = deriveNetworks(snapshot);
  if (resources.every(({ members }) => members.length === 0)) return { resources, source };
  const scene = setScene(snapshot, tell);
  const containers = new Map(deriveContainers(snapshot).resources.map((container) => [container.id, container]));
  const exposed = resources.map((network, index) => {
    tell("network", index, resources.length);
    return network.members.length === 0 ? network : expose(network, scene, containers);
  });
  return { resources: exposed, source };
}

function expose(network: Network, scene: Scene | string, containers: ReadonlyMap<string, Container>): Network {
  const unseen = (reason: string): Network => ({ ...network, unknown: { ...network.unknown, "/outgoing": reason } });
  if (network.driver === "null") return network;
  if (network.driver !== "host" && network.bridge === null) return unseen(`packets of driver ${network.driver} do not pass this host's rules as those of a bridge do, or are not known to`);
  if (typeof scene === "string") return unseen(scene);
  const sender = network.bridge === null ? describeHost(scene) : describeBridge(scene, network);
  if (sender === null) return unseen(`its bridge ${String(network.bridge)} is not among those that were read`);
  const ways = ([4, 6] as const).flatMap((family) => askOut(scene, sender, family));
  const outgoing = network.members.flatMap(({ key, container, service }) => {
    const member = containers.get(key);
    const witness = member?.running === true ? findWay(sender.addressesOf(ownerOf(member, containers).id), ways) : null;
    return witness === null ? [] : [{ key, container, service, witness }];
  });
  const open = ways.flatMap(({ classes }) => classes).find(({ walk }) => isUndecided(walk));
  const reason = open === undefined ? (scene.outsides.length === 0 ? "no interface of this host is seen to lead to other machines" : null) : sayReason(open.walk);
  return { ...network, outgoing, unknown: reason === null ? network.unknown : { ...network.unknown, "/outgoing/-": reason } };
}

/** Those who send together. */
interface Sender {
  /** The interface on which their packets come; null for the host's own. */
  readonly in: string | null;
  readonly addresses: readonly string[];
  /** Of one container that has its own network namespace, by its id. */
  readonly addressesOf: (id: string) => readonly string[];
}

/** Who is in the host's network namespace sends from any of its addresses. */
function describeHost({ outsides }: Scene): Sender {
  const addresses = outsides.map(({ own }) => own);
  return { in: null, addresses, addressesOf: () => addresses };
}

/** Older engines take one name for several networks. */
function describeBridge({ bridges }: Scene, network: Pick<Network, "name" | "bridge">): Sender | null {
  const bridge = bridges.find(({ name, bridge: interfaceName }) => name === network.name && interfaceName === network.bridge);
  if (bridge === undefined) return null;
  const list = (members: typeof bridge.members): string[] => members.flatMap(({ address4, address6 }) => [address4, address6].filter((address) => address !== null));
  return { in: bridge.bridge, addresses: list(bridge.members), addressesOf: (id) => list(bridge.members.filter(({ container }) => container === id)) };
}

interface Way {
  readonly to: string;
  readonly family: 4 | 6;
  readonly classes: readonly PortClass[];
}

/** To a neighbour on each interface that leads outside, and to the Internet; for all senders at once. */
function askOut({ prepared, network, outsides }: Scene, sender: Sender, family: 4 | 6): Way[] {
  const addresses = sender.addresses.filter((address) => toAddress(address).family === family);
  const [source] = addresses;
  if (source === undefined) return [];
  const targets = outsides.filter((one) => one.family === family).map(({ visitor }) => visitor);
  return [...targets, INTERNET[family]].map((to) => ({
    to, family, classes: askPorts(prepared, network, firstPacket({ in: sender.in, source, to, port: 1, protocol: "tcp" }), addressSet(addresses.map(toAddress))),
  }));
}

/** Where packets from one of these addresses get out, in words; null for nowhere. */
function findWay(addresses: readonly string[], ways: readonly Way[]): string | null {
  for (const source of addresses) {
    const { value, family } = toAddress(source);
    for (const { to, classes } of ways.filter((way) => way.family === family)) {
      const open = classes.filter(({ walk, sources }) => walk.verdict === "accept" && walk.delivered === "forward" && contains(sources, value));
      if (open.length > 0) return `tcp from ${source} to ${to}, ports ${listPortRanges(unitePorts(open)).join(", ")}`;
    }
  }
  return null;
}
