/** Random addresses, ports, names and texts, and how options are put together. */
import fc from "fast-check";

/** Address family. */
export type Family = 4 | 6;

const byte = fc.integer({ min: 0, max: 255 });

/** A port. */
export const port = fc.integer({ min: 0, max: 65535 });

/** 32 bits. */
export const word32 = fc.integer({ min: 0, max: 0xffffffff });

/** Names of interfaces, one with a wildcard. */
export const interfaceName = fc.constantFrom("eth0", "docker0", "br-0123456789ab", "veth+", "wlan0.7");

/** Text with all that quoting has to cope with. */
export const weirdText = fc.string({ unit: fc.constantFrom("a", "b", "1", " ", "-", "_", ".", ":", "\\", '"', "'", "!", "#", "*", "[", "]", "$", "%", "|", ";", "<", "=", "ä", "é"), minLength: 1, maxLength: 20 });

/** An address, for IPv6 in an odd spelling. */
export function address(family: Family): fc.Arbitrary<string> {
  if (family === 4) return fc.tuple(fc.integer({ min: 1, max: 223 }), byte, byte, byte).map((bytes) => bytes.join("."));
  return fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 6 }).map((groups) => `2001:db8:${groups.map((group) => group.toString(16)).join(":")}${groups.length < 6 ? "::" : ""}`);
}

/** An address alone, with a prefix length, or with a dotted mask. */
export function network(family: Family): fc.Arbitrary<string> {
  const dotted = fc.tuple(address(4), fc.constantFrom("255.255.0.0", "255.0.255.0", "255.255.255.255")).map((pair) => pair.join("/"));
  return fc.oneof(address(family), prefixed(family), ...(family === 4 ? [dotted] : []));
}

/** An address with a prefix length, host bits set. */
export function prefixed(family: Family): fc.Arbitrary<string> {
  return fc.tuple(address(family), fc.integer({ min: 1, max: family === 4 ? 32 : 128 })).map((pair) => pair.join("/"));
}

/** Not 0 to 65535, which iptables 1.8.9 prints as no condition at all, even negated. */
export function ports(separator = ":"): fc.Arbitrary<string> {
  const range = fc.tuple(fc.integer({ min: 1, max: 65534 }), fc.integer({ min: 1, max: 65534 })).map(([a, b]) => `${Math.min(a, b)}${separator}${Math.max(a, b) + 1}`);
  return fc.oneof(fc.integer({ min: 1, max: 65535 }).map(String), range);
}

/** With or without `!`. */
export function negatable(option: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom("", "", "! "), option).map((pair) => pair.join(""));
}

/** The option, or nothing. */
export function optional(option: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.option(option, { nil: "" });
}

/** In double quotes. */
export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** The words that are not empty, with blanks between them. */
export function join(...words: readonly string[]): string {
  return words.filter((word) => word !== "").join(" ");
}

/** Order of addresses, so that ranges are not empty. */
export function byNumber(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => (text.includes(":") ? expand(text) : text.split(".").map((part) => part.padStart(3, "0")).join(".")));
  return (left ?? "") < (right ?? "") ? -1 : 1;
}

function expand(text: string): string {
  const groups = text.replace(/::$/, "").split(":");
  return Array.from({ length: 8 }, (_, index) => (groups[index] ?? "").padStart(4, "0")).join(":");
}
