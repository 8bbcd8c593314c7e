/** Holds what runs against what is written: what differs, what cannot be told, and what agrees. */
import { lookUp } from "../resource.ts";
import type { Field, Told } from "./field.ts";
import { doubt, doubtWithheld, type Written } from "./written.ts";

export interface Difference {
  readonly key: string;
  readonly file: string;
  readonly running: string;
  /** JSON pointer into the written facts. */
  readonly at: string;
}

export interface Comparison {
  readonly differences: readonly Difference[];
  /** Why there may be more. */
  readonly doubts: readonly string[];
  /** JSON pointers of values that are the same: into what runs, and into what is written. */
  readonly agreed: readonly (readonly [running: string, written: string])[];
  /** JSON pointers of lists that agree as a whole, in whatever order. */
  readonly agreedLists: readonly string[];
}

/** `unknown` is that of the running container. */
export function compareFields(fields: readonly Field[], written: Written, unknown: Readonly<Record<string, string>>): Comparison {
  const differences: Difference[] = [];
  const doubts: string[] = [];
  const agreed: (readonly [string, string])[] = [];
  const agreedLists: string[] = [];
  for (const field of fields) {
    const hidden = doubtWithheld(written, field.at);
    if (hidden !== null) {
      doubts.push(`${field.name}: ${hidden}`);
      continue;
    }
    const keys = [...new Set([...field.written.keys(), ...field.running.keys()])].sort();
    const differing = keys.filter((key) => field.written.get(key)?.value !== field.running.get(key)?.value);
    for (const key of differing) {
      const [there, here] = [field.written.get(key), field.running.get(key)];
      const reason = doubtWritten(field, there, written) ?? doubtRunning(field, here, unknown);
      if (reason === null) differences.push({ key, file: there?.value ?? field.absent, running: here?.value ?? field.absent, at: there?.at ?? field.at });
      else doubts.push(`${key}: ${reason}`);
    }
    for (const key of keys) {
      const [there, here] = [field.written.get(key), field.running.get(key)];
      if (there !== undefined && here !== undefined && there.value === here.value) agreed.push(...pairElements(here, there));
    }
    if (differing.length === 0) agreedLists.push(field.at);
  }
  return { differences, doubts: [...new Set(doubts)], agreed, agreedLists };
}

/** Of two that say the same. */
function pairElements(here: Told, there: Told): (readonly [string, string])[] {
  if (here.elements === undefined) return [[here.at, there.at]];
  return [...here.elements].flatMap(([word, pointers]) => pointers.map((at) => [at, there.elements?.get(word)?.[0] ?? there.at] as const));
}

/** What the file does not seem to have may be one of those that it does not tell the name of. */
function doubtWritten(field: Field, told: Told | undefined, written: Written): string | null {
  const reasons = told === undefined ? [doubtList(field, written), ...unmatched(field).map((other) => doubtTold(other, written))] : [doubtTold(told, written)];
  return reasons.find((reason) => reason !== null) ?? null;
}

function doubtTold({ unknown, parts, at }: Told, written: Written): string | null {
  return unknown ?? (parts ?? [at]).map((part) => doubt(written, part)).find((reason) => reason !== null) ?? null;
}

/** Of the list as such; what its elements hang on is theirs. */
function doubtList({ at }: Field, { service: { unknown } }: Written): string | null {
  return lookUp(unknown, at) ?? null;
}

function unmatched({ written, running }: Field): Told[] {
  return [...written].filter(([key]) => !running.has(key)).map(([, told]) => told);
}

function doubtRunning({ at }: Field, told: Told | undefined, unknown: Readonly<Record<string, string>>): string | null {
  return told?.unknown ?? lookUp(unknown, told?.at ?? at) ?? null;
}
