/** The origins and unknowns of one container while its facts are read from a service. */
import { ASSUMED_DEFAULTS, type EngineDefaults } from "../../facts/engine-defaults.ts";
import { type FilePlace, isFilePlace, type Place, pointer } from "../../facts/resource.ts";
import { type MapNode, type Node, unknownsOf } from "../node.ts";
import { follow, locate, usedAt } from "../places.ts";

export interface FactRecord {
  /** The service, job or hook as it is effective. */
  readonly spec: MapNode;
  /** The place of its own key, for what is set nowhere. */
  readonly key: FilePlace;
  /** Why what it does not set is not known either; null if it is the engine's default. */
  readonly open: string | null;
  /** What the engine gives where the service says nothing. */
  readonly engine: EngineDefaults;
  readonly origins: Record<string, Place>;
  readonly unknown: Record<string, string>;
}

type Path = readonly (string | number)[];

export function describeVariables(names: readonly string[]): string {
  const list = names.join(", ");
  return names.length === 1 ? `the variable ${list} has no value and no default` : `the variables ${list} have no value and no default`;
}

/**
 * Notes where the fact's value stands: at the first of these paths of the service that is set, and gives that value. What is set nowhere
 * has the place of the service's own key, which the origin "" is.
 */
export function place(record: FactRecord, fact: Path, ...paths: readonly Path[]): Node | undefined {
  const at = pointer(fact);
  for (const path of paths) {
    const { node, holders } = follow(record.spec, path);
    if (node === undefined) continue;
    record.origins[at] = locate(node, holders);
    return node;
  }
  if (record.open !== null) record.unknown[at] = record.open;
  return undefined;
}

/** As `place`, and the variables that the value hangs on. */
export function note(record: FactRecord, fact: Path, ...paths: readonly Path[]): void {
  noteUnknown(record, pointer(fact), place(record, fact, ...paths));
}

/** For an item of a list: what holds it, innermost first, the service itself aside. */
export function placeNode(record: FactRecord, at: string, node: Node, ...holders: readonly (Node | undefined)[]): void {
  record.origins[at] = locate(node, [...holders.filter((holder) => holder !== undefined), record.spec]);
}

export function noteNode(record: FactRecord, at: string, node: Node, ...holders: readonly (Node | undefined)[]): void {
  placeNode(record, at, node, ...holders);
  noteUnknown(record, at, node);
}

export function noteUnknown(record: FactRecord, at: string, node: Node | undefined): void {
  const unknown = unknownsOf(node);
  if (unknown.length > 0) record.unknown[at] = describeVariables(unknown);
}

/**
 * The engine's default for a fact that the service does not set. It is noted where it decides: with its place in daemon.json where that
 * says otherwise than an engine without one, else the fact keeps the place of the service's own key.
 */
export function takeDefault<K extends keyof EngineDefaults>(record: FactRecord, at: string, key: K): EngineDefaults[K]["value"] {
  const { value, place: origin, unknown }: EngineDefaults[K] = record.engine[key];
  if (unknown !== undefined) record.unknown[at] ??= unknown;
  const differs = JSON.stringify(value) !== JSON.stringify(ASSUMED_DEFAULTS[key].value);
  if (differs && origin !== undefined) record.origins[at] = isFilePlace(origin) ? usedAt(origin, record.key) : origin;
  return value;
}
