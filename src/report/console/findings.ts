/** One fault in words, and which faults say the same. */
import type { Evidence, Result } from "../../policy/model/report.ts";
import { splitMessage } from "../told.ts";
import type { Fault } from "./followers.ts";

/** A fault as it is printed. */
export interface Finding {
  readonly message: string;
  /** Where the resource's name stands in the message. */
  readonly label: string;
  readonly origins: readonly string[];
  /** Places that had a part in it. */
  readonly related: readonly string[];
  readonly followers: readonly string[];
  /** Labels of other resources of which the same is to be said. */
  readonly others: readonly string[];
}

/** The faults of one policy, in order; those that differ in nothing but the resource become one. */
export function listFindings(faults: readonly Fault[]): Finding[] {
  const groups = new Map<string, { finding: Finding; others: string[] }>();
  for (const { result, followers } of faults) {
    const { before, label, after } = splitMessage(result);
    const origins = listOrigins(result);
    const related = (result.related ?? []).map((place) => printPlace(place, result));
    const key = JSON.stringify([before, after, origins, related, followers]);
    const group = groups.get(key);
    if (group !== undefined) group.others.push(label);
    else groups.set(key, { finding: { message: before + label + after, label, origins, related, followers, others: [] }, others: [] });
  }
  return [...groups.values()].map(({ finding, others }) => ({ ...finding, others }));
}

/** `compose.yaml:3:5` or `inspect: HostConfig.Privileged`, each once. */
export function listOrigins(result: Result): string[] {
  const places = result.evidence.map(({ location }) => location).filter((location) => location !== null);
  const printed = places.length > 0 ? places.map((place) => printPlace(place, result)) : result.location === null ? [] : [printPlace(result.location, result)];
  return [...new Set(printed)];
}

function printPlace(place: NonNullable<Evidence["location"]>, { resource }: Result): string {
  if ("file" in place) return `${place.file}:${place.line}:${place.column}`;
  const name = resource.name ?? "";
  const key = name !== "" && place.key.startsWith(`${name} `) ? place.key.slice(name.length + 1) : place.key;
  return `${SOURCE_WORDS[place.source] ?? place.source}: ${key}`;
}

/** Sources whose answers have a better known name. */
const SOURCE_WORDS: Readonly<Record<string, string>> = { containers: "inspect", images: "image inspect", networks: "network inspect", engine: "docker info" };
