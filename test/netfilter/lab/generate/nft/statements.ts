/** Random statements of nft that do something: verdicts, maps, marks, translations. */
import fc from "fast-check";
import type { Family } from "../../../vocabulary/terms.ts";
import { containerAddress, knownPort, mark, ownAddress } from "../terms.ts";
import { apart, headerOf, setOf } from "./terms.ts";

/** What chains of a kind may do. `filter`: with verdicts of all kinds; `mangle`: marks and few drops; the others translate. */
export type Role = "filter" | "mangle" | "destination" | "source";

/** `targets`: chains that may be called. `raw`: before connection tracking. */
export function action(family: Family, role: Role, targets: readonly string[], hook: string | null, raw: boolean): fc.Arbitrary<string> {
  const calls = targets.flatMap((chain) => [`jump ${chain}`, `goto ${chain}`]);
  const plain = fc.constantFrom("counter", "log", "accept", "accept", "return", "continue");
  return fc.oneof(
    { weight: 2, arbitrary: plain },
    ...(calls.length === 0 ? [] : [{ weight: 3, arbitrary: fc.constantFrom(...calls) }]),
    { weight: 2, arbitrary: verdictMap(family, role, calls) },
    { weight: 5, arbitrary: roleAction(family, role, hook, raw) },
  );
}

function roleAction(family: Family, role: Role, hook: string | null, raw: boolean): fc.Arbitrary<string> {
  switch (role) {
    case "filter":
      return fc.constantFrom("drop", "drop", "reject", "reject with tcp reset", "reject with icmpx type host-unreachable", "reject with icmpx type admin-prohibited", "reject with icmpx type no-route", family === 4 ? "reject with icmp type net-unreachable" : "reject with icmpv6 type no-route");
    case "mangle":
      return raw ? fc.oneof(fc.constantFrom("drop", "notrack", "notrack"), markChange(false)) : fc.oneof({ weight: 1, arbitrary: fc.constant("drop") }, { weight: 5, arbitrary: markChange(true) });
    case "destination":
      return toDestination(family);
    case "source":
      return toSource(family, hook);
  }
}

function markChange(tracked: boolean): fc.Arbitrary<string> {
  const own = fc.oneof(
    mark.map((value) => `meta mark set ${String(value)}`),
    fc.tuple(fc.constantFrom("|", "&", "^"), mark).map(([operator, value]) => `meta mark set meta mark ${operator} ${String(value)}`),
    fc.tuple(mark, mark).map(([mask, value]) => `meta mark set meta mark & ${String(mask)} | ${String(value)}`),
    fc.constant("meta mark set tcp dport map { 22 : 1, 80 : 2, 443 : 16 }"),
  );
  if (!tracked) return own;
  return fc.oneof({ weight: 3, arbitrary: own }, { weight: 2, arbitrary: fc.constantFrom("ct mark set meta mark", "meta mark set ct mark", "ct mark set 0x1", "ct mark set ct mark | 0x10", "meta mark set ct mark & 0xf", "ct mark set meta mark & 0xff") });
}

/** Verdict maps: of ports, names, states, marks and rows. */
export function verdictMap(family: Family, role: Role, calls: readonly string[]): fc.Arbitrary<string> {
  const verdict = fc.constantFrom("accept", "return", "continue", ...(role === "filter" ? ["drop", "drop"] : []), ...calls);
  const entries = (keys: readonly string[]): fc.Arbitrary<string> =>
    fc.subarray([...keys], { minLength: 1 }).chain((some) => fc.tuple(...some.map((key) => verdict.map((one) => `${key} : ${one}`))).map(setOf));
  const header = headerOf(family);
  const container = family === 4 ? "172.17.0.2" : "fd00:17::2";
  return fc.oneof(
    entries(["22", "80", "443", "8080"]).map((map) => `tcp dport vmap ${map}`),
    entries(["1-1023", "8000-9000", "53000"]).map((map) => `udp dport vmap ${map}`),
    entries(['"eth0"', '"docker0"', '"lo"', '"br-*"']).map((map) => `iifname vmap ${map}`),
    entries(['"eth1"', '"docker0"', '"br-shop"']).map((map) => `oifname vmap ${map}`),
    entries(["new", "established", "invalid", "untracked"]).map((map) => `ct state vmap ${map}`),
    entries(["0", "1", "16", "255"]).map((map) => `meta mark vmap ${map}`),
    entries([`${container} . 80`, `${container} . 8000-9000`]).map((map) => `${header} daddr . tcp dport vmap ${map}`),
    entries(["tcp . 80", "tcp . 22", "udp . 53"]).map((map) => `meta l4proto . th dport vmap ${map}`),
    apart(family).chain((places) => entries(places)).map((map) => `${header} saddr vmap ${map}`),
    entries(["0", "1"]).map((map) => `numgen random mod 2 vmap ${map}`),
  );
}

function toDestination(family: Family): fc.Arbitrary<string> {
  const header = headerOf(family);
  const withPort = (address: string, port: number): string => (family === 4 ? `${address}:${String(port)}` : `[${address}]:${String(port)}`);
  const address = fc.oneof({ weight: 4, arbitrary: containerAddress(family) }, { weight: 1, arbitrary: ownAddress(family) });
  const [a, b] = family === 4 ? ["172.17.0.2", "172.18.0.2"] : ["fd00:17::2", "fd00:18::2"];
  return fc.oneof(
    { weight: 3, arbitrary: address.map((to) => `dnat ${header} to ${to}`) },
    { weight: 3, arbitrary: fc.tuple(address, knownPort).map(([to, port]) => `meta l4proto tcp dnat ${header} to ${withPort(to, port)}`) },
    { weight: 1, arbitrary: fc.constant(`dnat ${header} to tcp dport map { 80 : ${a}, 8080 : ${b} }`) },
    { weight: 1, arbitrary: fc.constant(`dnat ${header} addr . port to tcp dport map { 80 : ${a} . 8080, 8080 : ${b} . 80 }`) },
    { weight: 1, arbitrary: fc.constant(family === 4 ? "dnat ip to 172.17.0.2-172.17.0.4" : "dnat ip6 to fd00:17::2-fd00:17::4") },
    { weight: 2, arbitrary: fc.constantFrom("redirect", "meta l4proto tcp redirect to :8080", "meta l4proto udp redirect to :53") },
  );
}

function toSource(family: Family, hook: string | null): fc.Arbitrary<string> {
  const header = headerOf(family);
  const address = fc.oneof(ownAddress(family), fc.constant(family === 4 ? "203.0.113.99" : "2001:db8:5::99"));
  const snat = address.map((to) => `snat ${header} to ${to}`);
  return hook === "input" ? snat : fc.oneof({ weight: 2, arbitrary: snat }, { weight: 2, arbitrary: fc.constantFrom("masquerade", "meta l4proto tcp masquerade to :30000-31000") });
}
