/** Classes of sources that a host's routing does not tell apart. */
import type { Address } from "../addresses.ts";
import { uniteAll } from "../sets/intervals.ts";
import type { HostNetwork } from "../walk/network.ts";
import type { SourceClass } from "./split.ts";

export interface Surroundings {
  readonly family: 4 | 6;
  readonly in: string;
  readonly out: string;
  readonly destination: bigint;
  readonly mark: number;
}

export type ClassFinder = (surroundings: Surroundings) => readonly SourceClass[];

/**
 * All answers about a source are the same within a class, for packets of these interfaces. Without routing rules of somebody's own, answers about a source do not
 * hang on the destination and the mark, so that the classes of all ports of a host are the same; only whether it is this host's own counts (a link-local source is
 * not handed on).
 */
export function classFinder(network: HostNetwork): ClassFinder {
  const known = new Map<string, readonly SourceClass[]>();
  return (surroundings) => {
    const { family, in: iif, out, destination, mark } = surroundings;
    const { byRules } = network.sourceCuts(family);
    const isOwn = network.isLocal({ family, value: destination }, iif === "" ? null : iif);
    const key = [family, iif, out, byRules ? destination : isOwn, byRules ? mark : ""].join(" ");
    let classes = known.get(key);
    if (classes === undefined) known.set(key, (classes = findClasses(network, surroundings)));
    return classes;
  };
}

function findClasses(network: HostNetwork, surroundings: Surroundings): readonly SourceClass[] {
  const { bounds } = network.sourceCuts(surroundings.family);
  const groups = new Map<string, { readonly representative: bigint; readonly cells: (readonly bigint[])[] }>();
  for (const [index, from] of bounds.entries()) {
    const to = bounds[index + 1];
    if (to === undefined) break;
    const signature = describeSource(network, { family: surroundings.family, value: from }, surroundings);
    const group = groups.get(signature);
    if (group === undefined) groups.set(signature, { representative: from, cells: [[from, to]] });
    else group.cells.push([from, to]);
  }
  return [...groups.values()].map(({ representative, cells }) => ({ representative, sources: uniteAll(cells) }));
}

/** Everything that is ever asked of a source. */
function describeSource(network: HostNetwork, source: Address, { family, in: iif, out, destination: to, mark }: Surroundings): string {
  const destination: Address = { family, value: to };
  const devices = [...new Set([null, iif, out])].filter((device) => device !== "");
  const request = { source, destination, mark, protocol: 6, sourcePort: null, destinationPort: null };
  const input = iif === "" ? null : network.routeInput({ ...request, in: iif });
  return JSON.stringify([
    network.isLocal(source, iif === "" ? null : iif),
    devices.map((device) => network.addressType(source, device)),
    devices.map((device) => network.routeOut({ address: source, from: destination, mark, device })),
    iif === "" ? null : [true, false].flatMap((loose) => [true, false].map((acceptLocal) => network.reversePath({ source, destination, in: iif, mark, loose, acceptLocal }))),
    // Of the way in only what the source does to it: where the packet goes is the destination's.
    input === null ? network.routeOutput(request).kind : [input.kind, "reason" in input ? input.reason : ""],
  ]);
}
