/** By which ways other machines can send to a published port. */
import type { Intervals, Packet } from "../../netfilter/index.ts";
import type { Port } from "../model/port.ts";
import { firstPacket, isProtocol } from "./packets.ts";
import type { Scene } from "./scene.ts";

export interface Way {
  /** translated: to this host's address. direct: straight to the container's. loopback: to 127.0.0.1, put on the wire by a neighbour. */
  readonly kind: "translated" | "direct" | "loopback";
  /** The first packet of a neighbour. */
  readonly packet: Packet;
  /** Whoever may send. */
  readonly space: Intervals<bigint>;
}

const LOOPBACK = "127.0.0.1";

type AskedPort = Pick<Port, "id" | "family" | "protocol" | "hostIp" | "hostPort" | "container" | "containerPort" | "loopback">;

const listed = new WeakMap<Scene, Map<string, readonly Way[]>>();

/** The same objects for the same port, so that what is found out about a way is known of it. None for a port whose number the engine has not chosen yet. */
export function listWays(scene: Scene, port: AskedPort): readonly Way[] {
  const ofScene = listed.get(scene) ?? new Map<string, readonly Way[]>();
  listed.set(scene, ofScene);
  const ways = ofScene.get(port.id) ?? findWays(scene, port);
  ofScene.set(port.id, ways);
  return ways;
}

function findWays(scene: Scene, port: AskedPort): Way[] {
  const { protocol, hostIp, hostPort, container, containerPort, loopback } = port;
  if (hostPort === null || !isProtocol(protocol)) return [];
  const family = port.family === "v4" ? 4 : 6;
  const outsides = scene.outsides.filter((one) => one.family === family);
  const addresses = scene.bridges.flatMap(({ members }) => members.filter((member) => member.container === container).flatMap(({ address4, address6 }) => (family === 4 ? address4 : address6) ?? []));
  return outsides.flatMap((outside) => {
    const space = scene.machines[family];
    const way = (kind: Way["kind"], to: string, number: number): Way => ({ kind, space, packet: firstPacket({ in: outside.name, source: outside.visitor, to, port: number, protocol }) });
    const visited = loopback ? [] : [hostIp === "0.0.0.0" || hostIp === "::" || hostIp === "" ? outside.own : hostIp];
    return [
      ...visited.map((address) => way("translated", address, hostPort)),
      ...addresses.map((address) => way("direct", address, containerPort)),
      ...(loopback && family === 4 ? [way("loopback", LOOPBACK, hostPort)] : []),
    ];
  });
}
