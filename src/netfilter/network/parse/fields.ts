/** Fields of the objects that `ip -j` prints, each with its type or an error that says where. */
import { type Address, parseAddress } from "../../addresses.ts";
import { NetworkError } from "../errors.ts";
import type { Prefix } from "../model.ts";

/** An object and where it stands in its document. */
export interface Entry {
  readonly value: Readonly<Record<string, unknown>>;
  readonly path: readonly (string | number)[];
}

/** The elements of a list of objects. `null` entries and empty objects, which iproute2 prints for what it filtered out, are passed over. */
export function entriesOf(value: unknown, path: Entry["path"]): readonly Entry[] {
  if (!Array.isArray(value)) throw new NetworkError("expected a list, as ip -j prints", path);
  return value.map((element, index) => entryOf(element, [...path, index])).filter((entry) => Object.keys(entry.value).length > 0);
}

function entryOf(value: unknown, path: Entry["path"]): Entry {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new NetworkError("expected an object", path);
  return { value: value as Readonly<Record<string, unknown>>, path };
}

export function textOf(entry: Entry, key: string): string {
  const text = optionalText(entry, key);
  if (text === null) throw new NetworkError(`${key} is missing`, entry.path);
  return text;
}

/** Null where the key is absent. */
export function optionalText({ value, path }: Entry, key: string): string | null {
  const field = value[key];
  if (field === undefined) return null;
  if (typeof field !== "string") throw new NetworkError(`${key} is no text`, [...path, key]);
  return field;
}

/** A whole number, also as text of hexadecimal or decimal digits; `fallback` where the key is absent. */
export function numberOf({ value, path }: Entry, key: string, fallback: number): number {
  const field = value[key];
  if (field === undefined) return fallback;
  const number = typeof field === "string" && /^(0x[\da-f]+|\d+)$/i.test(field) ? Number(field) : field;
  if (typeof number !== "number" || !Number.isInteger(number)) throw new NetworkError(`${key} is no whole number`, [...path, key]);
  return number;
}

export function flagsOf({ value, path }: Entry): readonly string[] {
  const field = value["flags"] ?? [];
  if (!Array.isArray(field) || field.some((flag) => typeof flag !== "string")) throw new NetworkError("flags is no list of words", [...path, "flags"]);
  return field as readonly string[];
}

/** The nested object, or one without keys. */
export function nested({ value, path }: Entry, key: string): Entry {
  const field = value[key];
  return field === undefined || field === null ? { value: {}, path: [...path, key] } : entryOf(field, [...path, key]);
}

export function addressOf(entry: Entry, key: string): Address {
  const address = parseAddress(textOf(entry, key));
  if (address === null) throw new NetworkError(`${key} is no IP address`, [...entry.path, key]);
  return address;
}

/** `10.0.0.0/8`, or an address alone. */
export function prefixOf(entry: Entry, key: string): Prefix & { readonly family: 4 | 6 } {
  const [host = "", digits] = textOf(entry, key).split("/");
  const address = parseAddress(host);
  if (address === null) throw new NetworkError(`${key} is no network`, [...entry.path, key]);
  const bits = address.family === 4 ? 32 : 128;
  const length = digits === undefined ? bits : Number(digits);
  if (!/^\d+$/.test(digits ?? "0") || length > bits) throw new NetworkError(`${key} has no such prefix length`, [...entry.path, key]);
  return { family: address.family, address: address.value, length };
}
