/** What becomes of a packet, for each source that it may come from. */
import { contains, type Intervals } from "../sets/intervals.ts";
import { openSymbolic, partitionSources, type Symbolic } from "../symbolic/partition.ts";
import type { ConnectionState, Packet } from "../walk/packet.ts";
import type { Prepared } from "../walk/prepare.ts";
import { walkPacket, type Walk, type WalkOptions } from "../walk/walk.ts";

/** Sources that fare alike, and the walk of a packet from one of them. */
export interface SourceClass {
  readonly sources: Intervals<bigint>;
  readonly witness: Packet;
  readonly walk: Walk;
}

export interface SourceOptions extends Pick<WalkOptions, "network"> {
  readonly scenario: "within" | "beyond" | null;
  /** How connection tracking calls the packet; null: as the first of its flow. */
  readonly connection: ConnectionState | null;
}

/** Every source in `space` is in one class. Where the packet's own source is in it, the witness is that packet. */
export function askSources(prepared: Prepared, packet: Packet, space: Intervals<bigint>, options: SourceOptions): SourceClass[] {
  const { family, value } = packet.source;
  const fates = partitionSources(symbolicOf(prepared, options), { ...packet, family }, { connection: options.connection, space });
  return fates.map(({ sources, witness: source }) => {
    const witness = contains(sources, value) ? packet : { ...packet, source: { family, value: source } };
    return { sources, witness, walk: walkPacket(prepared, witness, options) };
  });
}

const opened = new WeakMap<Prepared, Map<string, Symbolic>>();

/** A rule set is asked about one network. */
function symbolicOf(prepared: Prepared, { network, scenario }: SourceOptions): Symbolic {
  const byScenario = opened.get(prepared) ?? new Map<string, Symbolic>();
  opened.set(prepared, byScenario);
  const key = String(scenario);
  const known = byScenario.get(key);
  if (known?.network === network) return known;
  const made = openSymbolic(prepared, { network, scenario });
  byScenario.set(key, made);
  return made;
}
