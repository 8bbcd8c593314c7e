/** One fault in words, and which faults say the same. */
import type { Evidence, Result } from "../../policy/model/report.ts";
import type { Fault } from "./followers.ts";
import { labelOf } from "./words.ts";

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

/** The message around the name of its resource, which the id replaces; a message that does not name it gets it in front. */
function splitMessage(result: Result): { before: string; label: string; after: string } {
  const { message, element, resource: { kind, id, name } } = result;
  const label = element === null || message.includes(element) ? labelOf(result) : `${labelOf(result)} (${element})`;
  if (ALONE.has(kind)) return { before: message, label: "", after: "" };
  const named = [id, name].find((candidate) => candidate !== null && indexOfWord(message, candidate) >= 0) ?? null;
  if (named === null) return { before: "", label, after: `: ${message}` };
  const at = indexOfWord(message, named);
  return { before: message.slice(0, at), label, after: message.slice(at + named.length) };
}

/** There is one of each, or the message is about nothing else: no name is needed. */
const ALONE = new Set<Result["resource"]["kind"]>(["daemon", "host", "waiver"]);

/** A whole word only: the container `a` is not meant by every a. */
function indexOfWord(message: string, word: string): number {
  for (let at = message.indexOf(word); at >= 0 && word !== ""; at = message.indexOf(word, at + 1)) {
    const around = (message[at - 1] ?? " ") + (message[at + word.length] ?? " ");
    if (!isPartOfWord(around.replace(/\.$/, ""))) return at;
  }
  return -1;
}

function isPartOfWord(around: string): boolean {
  return /[\w/.-]/.test(around) || (/[^ -~]/.test(around) && /[\p{L}\p{N}]/u.test(around));
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
