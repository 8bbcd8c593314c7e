/** Constants of nft out of the lab's small space, and the sets and maps that rules refer to. */
import fc from "fast-check";
import type { Family } from "../../../vocabulary/terms.ts";
import { anyAddress, knownPort, network } from "../terms.ts";

/** nft's word for the header of a family. */
export function headerOf(family: Family): "ip" | "ip6" {
  return family === 4 ? "ip" : "ip6";
}

/** An address or a network, never under a mask with holes. */
export function place(family: Family): fc.Arbitrary<string> {
  return network(family).filter((text) => !text.includes("/255"));
}

export function addressRange(family: Family): fc.Arbitrary<string> {
  return fc.constantFrom(...(family === 4 ? ["172.17.0.2-172.17.0.3", "172.16.0.0-172.17.255.255", "203.0.113.0-203.0.113.100"] : ["fd00:17::2-fd00:17::3", "fd00::-fd00:17::2", "2001:db8:5::-2001:db8:5::100"]));
}

/** Intervals that do not overlap, as nft wants them in one set. */
export function apart(family: Family): fc.Arbitrary<readonly string[]> {
  const pool = family === 4 ? ["172.17.0.0/16", "172.18.0.2", "203.0.113.0/25", "203.0.113.200", "192.0.2.1-192.0.2.2", "198.51.100.0/24", "10.0.0.0/8", "127.0.0.0/8"] : ["fd00:17::/64", "fd00:18::2", "2001:db8:5::-2001:db8:5::100", "2001:db8:5::200", "2001:db8::1", "2001:db8::2", "2001:db8:1::/64"];
  return fc.subarray(pool, { minLength: 1, maxLength: 4 });
}

export const ports = fc.subarray(["22", "53", "80-443", "8000-8080", "8081", "20000-30000", "40000"], { minLength: 1, maxLength: 4 });
export const portOrRange = fc.oneof(knownPort.map(String), fc.constantFrom("80-443", "1-1023", "20000-39999"));

export const names = fc.subarray(['"eth0"', '"eth1"', '"docker0"', '"br-shop"', '"lo"', '"gone0"'], { minLength: 1, maxLength: 3 });
/** With wildcards, which overlap with nothing else in the list. */
export const patterns = fc.subarray(['"eth*"', '"docker0"', '"br-*"', '"lo"'], { minLength: 1, maxLength: 3 });
export const oneName = fc.constantFrom('"eth0"', '"eth1"', '"docker0"', '"br-shop"', '"lo"', '"eth*"', '"br-*"', '"gone0"');

export const states = fc.subarray(["new", "established", "related", "invalid", "untracked"], { minLength: 1, maxLength: 3 });

export function setOf(items: readonly string[]): string {
  return `{ ${items.join(", ")} }`;
}

/** The named sets of a table, with random contents. */
export function declaredSets(family: Family): fc.Arbitrary<string> {
  const type = family === 4 ? "ipv4_addr" : "ipv6_addr";
  const pairs = fc.uniqueArray(fc.tuple(anyAddress(family), knownPort).map((pair) => pair.join(" . ")), { maxLength: 4 });
  return fc.tuple(apart(family), ports, pairs, names).map(([addresses, somePorts, rows, someNames]) =>
    [
      `set places { type ${type}; flags interval; elements = ${setOf(addresses)}; }`,
      `set services { type inet_service; flags interval; elements = ${setOf(somePorts)}; }`,
      `set pairs { type ${type} . inet_service; ${rows.length === 0 ? "" : `elements = ${setOf(rows)};`} }`,
      `set links { type ifname; elements = ${setOf(someNames)}; }`,
      `set seen { type ${type}; flags dynamic,timeout; timeout 1m; }`,
    ].join("\n"),
  );
}
