/** Which ports of the host containers of a bridge get to. */
import { askPortsFrom, groupAlike, type PortClass } from "../../netfilter/index.ts";
import { firstPacket, toAddress } from "./packets.ts";
import type { BridgeScene, Scene } from "./scene.ts";

const asked = new WeakMap<BridgeScene, Map<boolean, readonly PortClass[]>>();

/** At its address on that bridge, by IPv4 or IPv6. Asked for all containers there at once, and once. */
export function askHostPorts(scene: Scene, bridge: BridgeScene, six: boolean): readonly PortClass[] {
  const known = asked.get(bridge) ?? new Map<boolean, readonly PortClass[]>();
  asked.set(bridge, known);
  const classes = known.get(six) ?? ask(scene, bridge, six);
  known.set(six, classes);
  return classes;
}

function ask({ prepared, network }: Scene, { bridge, gateways, members }: BridgeScene, six: boolean): PortClass[] {
  const gateway = gateways.find((one) => one.includes(":") === six);
  const addresses = members.flatMap(({ address4, address6 }) => (six ? address6 : address4) ?? []);
  const [first] = addresses;
  if (gateway === undefined || first === undefined) return [];
  const groups = groupAlike(prepared.firewall, network, addresses.map(toAddress), "source");
  return askPortsFrom(prepared, network, firstPacket({ in: bridge, source: first, to: gateway, port: 1, protocol: "tcp" }), groups);
}
