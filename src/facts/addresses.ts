/** IP addresses by where they reach. */
import { BlockList, isIPv4, isIPv6 } from "node:net";

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

const LISTS = RANGES.map(([scope, address, prefix]) => {
  const list = new BlockList();
  list.addSubnet(address, prefix, isIPv4(address) ? "ipv4" : "ipv6");
  return { scope, list };
});

/** A zone (`fe80::1%eth0`) and brackets are ignored; an IPv4-mapped address counts as the IPv4 one. */
export function addressScope(text: string): AddressScope {
  const bare = text.replace(/^\[|\]$/g, "").split("%")[0] ?? "";
  const address = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1] ?? bare;
  if (!isIPv4(address) && !isIPv6(address)) return "invalid";
  if (address === "0.0.0.0" || /^[0:]+$/.test(address)) return "unspecified";
  const family = isIPv4(address) ? "ipv4" : "ipv6";
  return LISTS.find(({ list }) => list.check(address, family))?.scope ?? "global";
}

/** `host:address` or `host=address`; the address may be IPv6, with or without brackets. */
export function splitHostEntry(entry: string): { host: string; address: string } {
  const separator = /[=:]/.exec(entry);
  if (separator === null) return { host: entry, address: "" };
  return { host: entry.slice(0, separator.index), address: entry.slice(separator.index + 1).replace(/^\[|\]$/g, "") };
}
