/** What routing alone changes: packets that a changed sysctl or route lets in no more, or newly. */
import { addressBits } from "../addresses.ts";
import { flagBits } from "../firewall/tests.ts";
import { intersect } from "../sets/intervals.ts";
import { otherMachines } from "../questions/space.ts";
import type { HostNetwork } from "../walk/network.ts";
import type { Packet } from "../walk/packet.ts";
import type { Change } from "./model.ts";
import { confirmChange, type Judged } from "./confirm.ts";
import { listArrivals } from "./possible.ts";

/** One change of each kind for each family and interface. Hosts with more links and routes than this are not looked through. */
const MOST_ROUTES = 50_000;

export function compareArrivals(before: Judged, after: Judged): readonly Change[] {
  const [old, now] = [before.network, after.network];
  if (old === null || now === null || old === now) return [];
  return ([4, 6] as const).flatMap((family) => {
    const bounds = [...new Set([...old.sourceCuts(family).bounds, ...now.sourceCuts(family).bounds])].sort((a, b) => (a < b ? -1 : 1));
    const machines = intersect(otherMachines(family, []), [0n, 1n << BigInt(addressBits(family))]);
    const sources = bounds.filter((bound) => intersect(machines, [bound, bound + 1n]).length > 0);
    const targets = chooseTargets(old, family, bounds);
    const arrivals = listArrivals(old);
    if (arrivals.length * sources.length * targets.length > MOST_ROUTES) return [];
    const found = new Map<string, Change>();
    for (const name of arrivals) for (const source of sources) for (const destination of targets) {
      const packet: Packet = {
        in: name, source: { family, value: source }, destination: { family, value: destination }, protocol: 6, sourcePort: 40_000, destinationPort: 22, tcpFlags: flagBits.SYN, icmpType: null, icmpCode: null,
      };
      if (routeOf(old, packet) === routeOf(now, packet)) continue;
      const confirmed = confirmChange(before, after, { packet, connection: null });
      if (confirmed === null || found.has(`${name} ${confirmed.kind}`)) continue;
      found.set(`${name} ${confirmed.kind}`, { ...confirmed, family, hook: null, rule: null, side: "after", witness: { packet, connection: null } });
    }
    return [...found.values()];
  });
}

/** One address of this host, and one that is handed on. */
function chooseTargets(network: HostNetwork, family: 4 | 6, bounds: readonly bigint[]): readonly bigint[] {
  const isOwn = (value: bigint): boolean => network.isLocal({ family, value }, null) === true;
  const real = bounds.filter((value) => intersect(otherMachines(family, []), [value, value + 1n]).length > 0);
  return [real.find(isOwn), real.find((value) => !isOwn(value))].flatMap((value) => value ?? []);
}

function routeOf(network: HostNetwork, { in: name, source, destination, protocol, sourcePort, destinationPort }: Packet): string {
  return network.routeInput({ in: name ?? "lo", source, destination, mark: 0, protocol, sourcePort, destinationPort }).kind;
}
