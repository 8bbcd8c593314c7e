/** One part of an entry of an ipset: an address, a port, an interface, a mark. ipset(8), and net/netfilter/ipset of the kernel. */
import { addressBits, parseAddress, prefixMask } from "../../addresses.ts";
import type { Test } from "../../firewall/tests.ts";
import type { IpSet } from "../../ipset.ts";
import { icmpNumbers, protocolNumber } from "../../parse/names.ts";
import { type Intervals, bigintRange, numberRange } from "../../sets/intervals.ts";
import { maskedAddresses } from "../networks.ts";
import { allOf, nameIn, numberIn } from "../tests.ts";

export type Direction = "src" | "dst";

/** Null for what is not modelled (mac) or not understood. */
export function dimensionTest(dimension: string, part: string, direction: Direction, family: 4 | 6, mask: IpSet["mask"]): Test | null {
  switch (dimension) {
    case "ip":
    case "net": {
      const set = addressesOf(part, family, mask);
      return set === null ? null : { kind: "address", field: direction === "src" ? "source" : "destination", family, set };
    }
    case "port":
      return portTest(part, direction, family);
    case "iface":
      return interfaceTest(part, direction);
    case "mark":
      return /^(0x[0-9a-f]+|\d+)$/.test(part) ? numberIn("mark", numberRange(Number(part), Number(part))) : null;
    default:
      return null;
  }
}

/** An address, a range or a network. What is kept under a mask is printed as addresses. */
export function addressesOf(part: string, family: 4 | 6, mask: IpSet["mask"]): Intervals<bigint> | null {
  const [first = "", last] = part.split("-");
  if (last !== undefined) {
    const [from, to] = [first, last].map(parseAddress);
    return from == null || to == null || from.family !== family || to.family !== family ? null : bigintRange(from.value, to.value);
  }
  const [text = "", length] = first.split("/");
  const address = parseAddress(text);
  const bits = maskBits(length ?? mask ?? addressBits(family), family);
  return address?.family !== family || bits === null ? null : maskedAddresses(family, address.value, bits);
}

function maskBits(mask: number | string, family: 4 | 6): bigint | null {
  const length = Number(mask);
  return Number.isNaN(length) ? (parseAddress(String(mask))?.value ?? null) : prefixMask(length, family);
}

/** `tcp:80`, `udp:1000-2000`, `icmp:8/0`; of other protocols the port is 0. A bitmap:port has no protocol: tcp and udp. */
function portTest(part: string, direction: Direction, family: 4 | 6): Test | null {
  const [name, ports] = part.includes(":") ? (part.split(":") as [string, string]) : [null, part];
  const field = direction === "src" ? "sourcePort" : "destinationPort";
  if (name === null) {
    const set = portsOf(ports);
    return set === null ? null : allOf([numberIn("protocol", [6, 7, 17, 18]), numberIn(field, set)]);
  }
  const protocol = protocolNumber(name);
  if (protocol === null) return null;
  const isProtocol = numberIn("protocol", numberRange(protocol, protocol));
  if (protocol === 1 || protocol === 58) return icmpTest(ports, isProtocol, family);
  if (![6, 17, 132, 136].includes(protocol)) return ports === "0" ? isProtocol : null;
  const set = portsOf(ports);
  return set === null ? null : allOf([isProtocol, numberIn(field, set)]);
}

function portsOf(text: string): Intervals<number> | null {
  const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  return from === undefined ? null : numberRange(Number(from), Number(to));
}

/** A type by name means all of its codes only where ipset has no code for it: it always writes one. */
function icmpTest(text: string, isProtocol: Test, family: 4 | 6): Test | null {
  const [, type, code = "0"] = /^(\d+)(?:\/(\d+))?$/.exec(icmpNumbers(text, family) ?? text) ?? [];
  if (type === undefined) return null;
  return allOf([isProtocol, numberIn("icmpType", numberRange(Number(type), Number(type))), numberIn("icmpCode", numberRange(Number(code), Number(code)))]);
}

function interfaceTest(part: string, direction: Direction): Test {
  const bridged = part.startsWith("physdev:");
  const [name = "", wildcard] = (bridged ? part.slice("physdev:".length) : part).split(" ");
  const field = bridged ? (direction === "src" ? "physicalIn" : "physicalOut") : direction === "src" ? "in" : "out";
  return nameIn(field, { negated: false, names: wildcard === undefined ? [name] : [], prefixes: wildcard === undefined ? [] : [name] });
}
