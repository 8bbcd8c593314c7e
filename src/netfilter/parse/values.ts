/** Values of options: text to data. Each throws `Unmodelled` for what it does not know. */
import { type Address, addressBits, formatAddress, parseAddress, prefixLength, prefixMask } from "../addresses.ts";
import type { AddressRange, InterfaceName, Network, Range } from "../terms.ts";
import { Unmodelled, required } from "./given.ts";
import { protocolNumber, servicePort } from "./names.ts";

/** Decimal or 0x hexadecimal, from 0 to `limit` (32 bit unless given). */
export function toInteger(text: string, limit = 0xffffffff): number {
  if (!/^(\d+|0[xX][0-9a-fA-F]+)$/.test(text)) throw new Unmodelled(text);
  // strtoul reads a leading zero as octal; nothing prints it so.
  if (/^0\d/.test(text)) throw new Unmodelled(text);
  const value = Number(text);
  if (value > limit) throw new Unmodelled(text);
  return value;
}

/** `22`, `ssh`, `1024:65535`, `:1023`, `1024:`; `separator` stands between the bounds. */
export function toPortRange(text: string, separator = ":"): Range {
  const bounds = text.split(separator);
  if (bounds.length > 2 || text === "") throw new Unmodelled(text);
  const [low = "", high = low] = bounds;
  return orderedRange(low === "" ? 0 : toPort(low), high === "" ? 65535 : toPort(high), text);
}

/** `53,1024:65535`. */
export function toPortRanges(text: string): readonly Range[] {
  return text.split(",").map((part) => toPortRange(part));
}

/** `0`, `0-10`, `3:4`. */
export function toRange(text: string, separator: string): Range {
  const [low = "", high = low, ...rest] = text.split(separator);
  if (rest.length > 0) throw new Unmodelled(text);
  return orderedRange(toInteger(low), toInteger(high), text);
}

/** `10.0.0.0/8`, `10.0.0.1`, `10.0.0.0/255.0.0.0`, `2001:db8::/32`; host bits are cut as the kernel does. No host names. */
export function toNetwork(text: string): Network {
  const [host = "", suffix, ...rest] = text.split("/");
  const { family, value } = parsed(host);
  if (rest.length > 0) throw new Unmodelled(text);
  const mask = suffix === undefined ? prefixMask(addressBits(family), family) : toMask(suffix, family);
  const length = prefixLength({ family, value: mask });
  return { family, address: formatAddress({ family, value: value & mask }), mask: length ?? formatAddress({ family, value: mask }) };
}

/** A single address in its usual spelling. */
export function toAddress(text: string): string {
  return formatAddress(parsed(text));
}

/** `10.0.0.1-10.0.0.9`, or one address. */
export function toAddressRange(text: string): AddressRange {
  const [from = "", to = from, ...rest] = text.split("-");
  if (rest.length > 0) throw new Unmodelled(text);
  return { from: toAddress(from), to: toAddress(to) };
}

/** `eth0`, `eth+`. */
export function toInterface(text: string): InterfaceName {
  if (text === "") throw new Unmodelled("an empty interface name");
  return text.endsWith("+") ? { name: text.slice(0, -1), wildcard: true } : { name: text, wildcard: false };
}

/** `tcp`, `6`. */
export function toProtocol(text: string): number {
  return required(protocolNumber(text));
}

/** `0x1`, `0x1/0xff`. */
export function toMaskedMark(text: string): { readonly value: number; readonly mask: number } {
  const [value = "", mask = "0xffffffff", ...rest] = text.split("/");
  if (rest.length > 0) throw new Unmodelled(text);
  return { value: toInteger(value), mask: toInteger(mask) };
}

/** `B,A` → `["A", "B"]`; each word must be one of `known`. */
export function toSortedWords(known: readonly string[]): (text: string) => readonly string[] {
  return (text) => {
    const words = text.split(",");
    if (!words.every((word) => known.includes(word))) throw new Unmodelled(text);
    return [...new Set(words)].sort();
  };
}

function toPort(text: string): number {
  return /^\d/.test(text) ? toInteger(text, 65535) : required(servicePort(text));
}

function orderedRange(from: number, to: number, text: string): Range {
  if (from > to) throw new Unmodelled(text);
  return { from, to };
}

function parsed(text: string): Address {
  const address = parseAddress(text);
  if (address === null) throw new Unmodelled(text);
  return address;
}

function toMask(text: string, family: 4 | 6): bigint {
  if (/^\d+$/.test(text)) return prefixMask(toInteger(text, addressBits(family)), family);
  const mask = parsed(text);
  if (mask.family !== family) throw new Unmodelled(text);
  return mask.value;
}
