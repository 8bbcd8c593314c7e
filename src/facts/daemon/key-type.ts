/** Checks values of daemon.json as Go's encoding/json does: by type, `null` always fits. */
import type { FilePlace } from "../resource.ts";
import type { ConfigValue } from "./config-file.ts";
import type { KeyType } from "./known-keys.ts";

export interface TypeFault {
  /** Names below the key; empty for the value itself. */
  readonly path: readonly string[];
  readonly expected: string;
  readonly place: FilePlace;
}

/** The first value that dockerd cannot read, with its own place; null where all fit. */
export function findTypeFault({ value, place, parts }: ConfigValue, type: KeyType): TypeFault | null {
  if (value === null || type === "anything") return null;
  const { fits, expected, part } = TYPES[type];
  if (!fits(value)) return { path: [], expected, place };
  const wrong = part === undefined ? undefined : parts.find((member) => member.value !== null && !part.fits(member.value));
  if (wrong === undefined || part === undefined) return null;
  const isList = Array.isArray(value);
  return { path: [isList ? String(parts.indexOf(wrong)) : wrong.key], expected: part.expected, place: wrong.place };
}

interface Shape {
  readonly expected: string;
  readonly fits: (value: unknown) => boolean;
}

const text: Shape = { expected: "a string", fits: (value) => typeof value === "string" };
const toggle: Shape = { expected: "true or false", fits: (value) => typeof value === "boolean" };
const integer: Shape = { expected: "a whole number", fits: (value) => Number.isInteger(value) };
const object: Shape = { expected: "an object", fits: isObject };
const list: Shape = { expected: "a list", fits: Array.isArray };
const options: Shape = { expected: "an object of strings", fits: (value) => isObject(value) && Object.values(value).every((member) => member === null || text.fits(member)) };
const pool: Shape = {
  expected: 'an object with a string "base" and a whole number "size"',
  fits: (value) => isObject(value) && (!("base" in value) || text.fits(value.base)) && (!("size" in value) || integer.fits(value.size)),
};

const TYPES: Readonly<Record<Exclude<KeyType, "anything">, Shape & { readonly part?: Shape }>> = {
  boolean: toggle,
  string: text,
  integer,
  strings: { ...list, part: text },
  pools: { ...list, part: pool },
  texts: { ...object, part: text },
  switches: { ...object, part: toggle },
  objects: { ...object, part: object },
  optionsByDriver: { ...object, part: options },
  object,
};

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
