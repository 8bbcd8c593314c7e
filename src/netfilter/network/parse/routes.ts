/** Reads `ip -j route show table all`, of either family. */
import type { Address } from "../../addresses.ts";
import { NetworkError } from "../errors.ts";
import type { NextHop, Prefix, Route, RouteType } from "../model.ts";
import { type Entry, addressOf, entriesOf, flagsOf, nested, numberOf, optionalText, prefixOf, textOf } from "./fields.ts";

const TYPES: ReadonlySet<string> = new Set(["unicast", "local", "broadcast", "anycast", "multicast", "blackhole", "unreachable", "prohibit", "throw", "nat"]);
/** Types whose interface, if one is printed, does not matter. */
const NOWHERE: ReadonlySet<string> = new Set(["blackhole", "unreachable", "prohibit", "throw", "nat"]);

export function readRoute(entry: Entry): Route {
  const family = familyOf(entry);
  const type = optionalText(entry, "type") ?? "unicast";
  if (!TYPES.has(type)) throw new NetworkError(`unknown type of route ${type}`, [...entry.path, "type"]);
  const source = ["from", "src"].find((key) => entry.value[key] !== undefined);
  return {
    family,
    destination: networkOf(entry, "dst"),
    source: source === undefined ? null : networkOf(entry, source),
    tos: tosOf(entry),
    type: type as RouteType,
    table: optionalText(entry, "table") ?? "main",
    metric: numberOf(entry, "metric", 0),
    automatic: entry.value["protocol"] === "kernel",
    hops: NOWHERE.has(type) ? [] : readHops(entry),
  };
}

/**
 * `default` stands for both families: an IPv6 route prints its router preference (`pref`), an IPv4 one does not. `ip route show table all`
 * without -4 lists both.
 */
function familyOf(entry: Entry): 4 | 6 {
  if (textOf(entry, "dst") !== "default") return prefixOf(entry, "dst").family;
  return entry.value["pref"] === undefined ? 4 : 6;
}

function networkOf(entry: Entry, key: string): Prefix {
  if (textOf(entry, key) === "default") return { address: 0n, length: 0 };
  const { address, length } = prefixOf(entry, key);
  return { address, length };
}

/** A number, or a name of /etc/iproute2/rt_dsfield that is none of the usual, of which only that it is not 0 is known. */
function tosOf(entry: Entry): number {
  const text = optionalText(entry, "tos");
  if (text === null) return 0;
  return /^(0x[\da-f]+|\d+)$/i.test(text) ? Number(text) : -1;
}

function readHops(entry: Entry): readonly NextHop[] {
  if (entry.value["nexthops"] === undefined) return [readHop(entry)];
  return entriesOf(entry.value["nexthops"], [...entry.path, "nexthops"]).map(readHop);
}

function readHop(entry: Entry): NextHop {
  const flags = flagsOf(entry);
  return { interface: textOf(entry, "dev"), gateway: gatewayOf(entry), dead: flags.includes("dead"), linkdown: flags.includes("linkdown") };
}

/** `via` is a gateway of the other family. */
function gatewayOf(entry: Entry): Address | null {
  if (entry.value["via"] !== undefined) return addressOf(nested(entry, "via"), "host");
  return entry.value["gateway"] === undefined ? null : addressOf(entry, "gateway");
}
