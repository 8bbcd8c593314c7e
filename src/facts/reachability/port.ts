/** From other machines to one published port. */
import { walkPacket } from "../../netfilter/index.ts";
import type { Scene } from "../exposure/scene.ts";
import { askReach } from "../exposure/visits.ts";
import { listWays, type Way } from "../exposure/ways.ts";
import type { Port } from "../model/port.ts";
import type { Reach } from "../model/topology.ts";
import { explainFate } from "./explain.ts";

/** By any way: at the host's address, and straight to the container's, by which a port that is published on loopback may be got to as well. */
export function judgePort(scene: Scene, port: Port, proxy: boolean): Reach {
  const { id, family, hostPort, reachable, reachableFrom, unknown } = port;
  const head = { from: { kind: "outside" as const }, to: { kind: "port" as const, name: id }, family };
  const reason = unknown["/reachable"];
  if (reason !== undefined) return { ...head, state: "unknown", ports: [], sources: [], why: reason };
  const ways = listWays(scene, port);
  if (!reachable) return { ...head, state: "closed", ports: [], sources: [], why: explainClosed(scene, ways) };
  const open = ways.flatMap((way) => askReach(scene, way, proxy)).filter(({ example }) => example !== null);
  const best = open.find(({ way }) => way.kind === "translated") ?? open[0];
  const why = best?.example == null ? "" : `${PREFIXES[best.way.kind]}${explainFate(best.example.walk)}`;
  return { ...head, state: isLimited(port) ? "limited" : "reachable", ports: best?.way.kind === "translated" ? [String(hostPort)] : [], sources: [reachableFrom], why };
}

/** By what else than the port at the host's address. */
const PREFIXES = { translated: "", direct: "straight to the container's address, ", loopback: "sent to 127.0.0.1 by a neighbour, " } as const satisfies Record<Way["kind"], string>;

/** Not whoever sends gets there, or not as often as they like. A bound of which something is not known is none. */
function isLimited({ reachableFromAny, unlimitedFrom, synRate, unboundedFrom, connectionLimit, unknown }: Port): boolean {
  const bounds = [["unlimitedFrom", unlimitedFrom, synRate], ["unboundedFrom", unboundedFrom, connectionLimit]] as const;
  return !reachableFromAny || bounds.some(([key, free, bound]) => bound !== null && free.length === 0 && !Object.keys(unknown).some((pointer) => pointer.startsWith(`/${key}`)));
}

/** What keeps a neighbour out at the host's address. */
function explainClosed({ prepared, network }: Scene, ways: readonly Way[]): string {
  const way = ways.find(({ kind }) => kind !== "direct") ?? ways[0];
  return way === undefined ? "no interface leads to other machines" : explainFate(walkPacket(prepared, way.packet, { network, connection: null, scenario: "within" }));
}
