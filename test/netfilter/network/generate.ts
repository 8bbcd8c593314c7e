/** Random hosts for routing: addresses, routes, routing rules and sysctls out of a small space, so that they meet. */
import fc from "fast-check";
import type { Family } from "../vocabulary/terms.ts";

/** Interfaces of every generated host, besides lo. */
export const INTERFACES = ["eth0", "eth1", "br.2"] as const;

/** Lines for `ip -force -batch` (what the kernel refuses is simply not there) and sysctls by key. */
export interface GeneratedHost {
  readonly commands: readonly string[];
  readonly sysctls: Readonly<Record<string, string>>;
  readonly packets: readonly GeneratedPacket[];
}

export interface GeneratedPacket {
  readonly in: string | null;
  readonly source: string;
  readonly destination: string;
  readonly mark: number;
}

const link = fc.constantFrom(...INTERFACES);

export function arbitraryHost(family: Family): fc.Arbitrary<GeneratedHost> {
  return fc.record({
    commands: fc
      .tuple(fc.uniqueArray(addressCommand(family), { maxLength: 5 }), fc.array(routeCommand(family), { maxLength: 8 }), fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(ruleCommand(family), { maxLength: 3 }) }))
      .map((lists) => lists.flat()),
    sysctls: sysctls(family),
    // Which packet it was, the failure says: only the host is made smaller.
    packets: fc.noShrink(fc.array(packet(family), { minLength: 40, maxLength: 40, size: "max" })),
  });
}

/** Few networks, few hosts: 10.0.x.y and fd00:x::y. */
function host(family: Family): fc.Arbitrary<string> {
  const part = fc.constantFrom(0, 1, 2, 3);
  const last = fc.constantFrom(0, 1, 2, 3, 127, 255);
  if (family === 4) {
    const special = fc.constantFrom("127.0.0.1", "127.9.9.9", "0.0.0.0", "255.255.255.255", "224.0.0.1", "224.1.2.3", "192.0.2.7");
    return fc.oneof({ weight: 8, arbitrary: fc.tuple(part, last).map(([a, b]) => `10.0.${a}.${b}`) }, { weight: 1, arbitrary: special });
  }
  const special = fc.constantFrom("fe80::1", "fe80::99", "2001:db8::7", "::1");
  return fc.oneof({ weight: 8, arbitrary: fc.tuple(part, last).map(([a, b]) => `fd00:${a}::${b.toString(16)}`) }, { weight: 1, arbitrary: special });
}

function network(family: Family): fc.Arbitrary<string> {
  const length = family === 4 ? fc.constantFrom(8, 16, 22, 23, 24, 30, 32) : fc.constantFrom(16, 31, 32, 64, 126, 128);
  return fc.oneof({ weight: 1, arbitrary: fc.constant("default") }, { weight: 5, arbitrary: fc.tuple(host(family), length).map(([address, bits]) => cut(address, bits, family)) });
}

/** With the host bits cleared, as the kernel wants them. */
function cut(address: string, bits: number, family: Family): string {
  if (family === 4) {
    const value = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
    const kept = bits === 0 ? 0 : Math.floor(value / 2 ** (32 - bits)) * 2 ** (32 - bits);
    return `${[24, 16, 8, 0].map((shift) => Math.floor(kept / 2 ** shift) % 256).join(".")}/${String(bits)}`;
  }
  if (bits === 128) return `${address}/128`;
  const [head = "", second = "0", tail = ""] = [address.split(":")[0], address.split(":")[1], address.split("::")[1]];
  if (bits === 126) return `${address.split("::")[0] ?? ""}::${(parseInt(tail === "" ? "0" : tail, 16) & ~3).toString(16)}/126`;
  if (bits >= 32) return `${head === "" ? "0" : head}:${second === "" ? "0" : second}::/${String(bits)}`;
  if (bits === 31) return `${head === "" ? "0" : head}:${(parseInt(second === "" ? "0" : second, 16) & ~1).toString(16)}::/31`;
  return `${head === "" ? "0" : head}::/16`;
}

function addressCommand(family: Family): fc.Arbitrary<string> {
  const length = family === 4 ? fc.constantFrom(16, 24, 25, 31, 32) : fc.constantFrom(32, 64, 128);
  return fc.tuple(host(family), length, link).map(([address, bits, dev]) => `address add ${address}/${bits} dev ${dev}${family === 6 ? " nodad" : ""}`);
}

function routeCommand(family: Family): fc.Arbitrary<string> {
  const metric = fc.constantFrom("", " metric 5", " metric 2000");
  const table = fc.constantFrom("", "", "", " table 100", " table local", ...(family === 4 ? [" table default"] : []));
  const way = fc.oneof(
    link.map((dev) => `dev ${dev}`),
    link.map((dev) => `via ${gatewayOf(dev, family)} dev ${dev} onlink`),
  );
  const several = fc.tuple(link, link).map(([first, second]) => `nexthop via ${gatewayOf(first, family)} dev ${first} onlink nexthop via ${gatewayOf(second, family)} dev ${second} onlink`);
  const words = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(network(family), way, metric, table).map(([to, by, ...rest]) => `${to} ${by}${rest.join("")}`) },
    { weight: 2, arbitrary: fc.tuple(fc.constantFrom("blackhole", "unreachable", "prohibit", "throw"), network(family), metric, table).map(([type, to, ...rest]) => `${type} ${to}${rest.join("")}`) },
    { weight: 1, arbitrary: fc.tuple(network(family), table, several).map(([to, where, by]) => `${to}${where} ${by}`) },
    { weight: 1, arbitrary: network(family).map((to) => `local ${to} dev lo table local`) },
  );
  return words.map((text) => `route append ${text}`);
}

/** One for each interface, so that of several next hops by one interface it does not matter which is taken. */
function gatewayOf(dev: (typeof INTERFACES)[number], family: Family): string {
  const index = INTERFACES.indexOf(dev);
  return family === 4 ? `10.0.3.${index}` : `fd00:3::${index}`;
}

function ruleCommand(family: Family): fc.Arbitrary<string> {
  // A packet without a source, as the host's own are asked for, meets no IPv6 rule about sources.
  const prefix = network(family).filter((text) => text !== "default" && !/^(0:|::)/.test(text));
  const condition = fc.oneof(
    prefix.map((text) => `from ${text}`),
    prefix.map((text) => `not from ${text}`),
    prefix.map((text) => `to ${text}`),
    fc.constantFrom("fwmark 1", "fwmark 0x10/0xf0", "iif eth0", "not iif eth1", "iif lo"),
  );
  const action = fc.constantFrom("lookup 100", "lookup 100", "lookup main", "lookup main suppress_prefixlength 0", "blackhole", "unreachable", "prohibit", "goto 32766", "nop");
  return fc.tuple(fc.integer({ min: 1, max: 40_000 }), condition, action).map(([priority, when, then]) => `rule add pref ${priority} ${when} ${then}`);
}

function sysctls(family: Family): fc.Arbitrary<Record<string, string>> {
  const names = ["all", "eth0", "eth1", "br/2"];
  const keys: Readonly<Record<string, fc.Arbitrary<string>>> =
    family === 4
      ? { rp_filter: fc.constantFrom("0", "0", "0", "1", "2"), route_localnet: rarely, accept_local: rarely, send_redirects: fc.constantFrom("0", "1"), forwarding: mostly, src_valid_mark: rarely, bc_forwarding: rarely }
      : { ignore_routes_with_linkdown: rarely };
  const entries = names.flatMap((name) => Object.entries(keys).map(([key, value]) => [`net.ipv${family}.conf.${name}.${key}`, value] as const));
  // Of `all` first: what is set there is set for each interface too. `ip route get` does not ask whether IPv6 is forwarded at all.
  return fc.record(Object.fromEntries(entries));
}

const rarely = fc.constantFrom("0", "0", "0", "0", "1");
const mostly = fc.constantFrom("1", "1", "1", "0");

function packet(family: Family): fc.Arbitrary<GeneratedPacket> {
  return fc.record({ in: fc.oneof({ weight: 5, arbitrary: link }, { weight: 1, arbitrary: fc.constant(null) }), source: host(family), destination: host(family), mark: fc.constantFrom(0, 0, 1, 0x10, 0x35) });
}
