/** IP addresses by where they reach. */
import { type Address, addressBits, parseAddress, withoutMapping } from "../netfilter/addresses.ts";

/** global: anything that is none of the others. invalid: no IP address at all. */
export type AddressScope = "unspecified" | "loopback" | "linkLocal" | "private" | "global" | "invalid";

/** Ranges of RFC 6890 and RFC 4193 that matter here; 100.64.0.0/10 is shared space, not public (RFC 6598). */
const RANGES: readonly [AddressScope, string, number][] = [
  ["loopback", "127.0.0.0", 8],
  ["linkLocal", "169.254.0.0", 16],
  ["private", "10.0.0.0", 8],
  ["private", "172.16.0.0", 12],
  ["private", "192.168.0.0", 16],
  ["private", "100.64.0.0", 10],
  ["loopback", "::1", 128],
  ["linkLocal", "fe80::", 10],
  ["private", "fc00::", 7],
];

const SCOPES = RANGES.map(([scope, address, length]) => ({ scope, length, network: parseAddress(address) }));

/** Whether the text is an IP address. An IPv6 one may have a zone: `fe80::1%eth0`. */
export function isAddress(text: string): boolean {
  return parseAddress(text.replace(/(?<=:[^%]*)%[0-9A-Za-z.:-]+$/, "")) !== null;
}

/** A zone and brackets are ignored; an IPv4-mapped address counts as the IPv4 one. */
export function addressScope(text: string): AddressScope {
  const parsed = parseAddress(text.replace(/^\[|\]$/g, "").split("%")[0] ?? "");
  if (parsed === null) return "invalid";
  const address = withoutMapping(parsed);
  if (address.value === 0n) return "unspecified";
  return SCOPES.find(({ length, network }) => network !== null && isWithin(address, network, length))?.scope ?? "global";
}

function isWithin({ family, value }: Address, network: Address, length: number): boolean {
  const rest = BigInt(addressBits(family) - length);
  return family === network.family && value >> rest === network.value >> rest;
}

/** `host:address` or `host=address`; the address may be IPv6, with or without brackets. */
export function splitHostEntry(entry: string): { host: string; address: string } {
  const separator = /[=:]/.exec(entry);
  if (separator === null) return { host: entry, address: "" };
  return { host: entry.slice(0, separator.index), address: entry.slice(separator.index + 1).replace(/^\[|\]$/g, "") };
}
