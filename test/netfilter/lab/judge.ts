/** Whether what the walk says is what the lab saw. */
import { formatAddress } from "../../../src/netfilter/addresses.ts";
import type { Walk } from "../../../src/netfilter/walk/walk.ts";
import type { LabPacket, Observed } from "./lab.ts";
import { NEIGHBOURS, type Place, SPOTS } from "./topology.ts";

/** Null where they agree; else both in words. An unknown or depending fate agrees with everything: how many there are is counted. */
export function findDisagreement({ packet, from }: LabPacket, walk: Walk, observed: Observed): string | null {
  const said = sayWalk(walk);
  const seen = saySeen(observed);
  if (said === null || said === seen) return null;
  // The answer may itself meet rules that drop it, or have nobody to go to.
  if (said === "reject" && seen === "drop") return null;
  // Which addresses are behind the port by which it came, and are never reached from there, no listing tells.
  if (seen === "drop" && walk.hops.at(-1)?.hook === "bridge" && placeBehind(walk.out, walk.to?.address ?? null) === from) return null;
  if (walk.verdict === "accept" && agreesInPart(walk, observed)) return null;
  return `${describePacket(packet)}: the walk says ${said}, the kernel ${seen}`;
}

function sayWalk({ verdict, delivered, to, out }: Walk): string | null {
  if (verdict === "unknown" || verdict === "depends") return null;
  if (verdict !== "accept") return verdict;
  return `accept at ${delivered === "host" ? "host" : String(placeBehind(out, to?.address ?? null))}, to ${to === null ? "?" : `${to.address} ${String(to.port)}`}`;
}

function saySeen({ deliveries, answer }: Observed): string {
  if (deliveries.length === 0) return answer === null ? "drop" : "reject";
  return `accept ${deliveries.map(({ at, destination, destinationPort }) => `at ${at}, to ${destination} ${String(destinationPort)}`).join(" and ")}`;
}

/** What the walk leaves open (an address out of a range) may be anything. */
function agreesInPart({ delivered, to, out }: Walk, { deliveries }: Observed): boolean {
  const [first, ...others] = deliveries;
  if (first === undefined || others.length > 0) return false;
  if (delivered === "host" || delivered === "forward") {
    if ((delivered === "host") !== (first.at === "host")) return false;
    if (out !== null && first.at !== "host" && SPOTS[first.at].iface !== out) return false;
  }
  return to === null;
}

/** Who is behind an interface; on a bridge the address tells. */
function placeBehind(out: string | null, address: string | null): Place | null {
  if (out === "eth0") return "outside";
  if (out === "eth1") return "neighbour";
  const place = address === null ? undefined : NEIGHBOURS.get(address);
  return place !== undefined && SPOTS[place].iface === out ? place : null;
}

/** In one line, for messages. */
export function describePacket({ in: iface, source, destination, protocol, sourcePort, destinationPort, tcpFlags, icmpType }: LabPacket["packet"]): string {
  const ports = sourcePort === null ? "" : ` ${String(sourcePort)}→${String(destinationPort)}`;
  const rest = tcpFlags === null ? (icmpType === null ? "" : ` type ${String(icmpType)}`) : ` flags ${String(tcpFlags)}`;
  return `${iface ?? "-"} ${formatAddress(source)} > ${formatAddress(destination)} protocol ${String(protocol)}${ports}${rest}`;
}
