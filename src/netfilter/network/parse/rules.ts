/** Reads `ip -j rule`, of either family. */
import { parseAddress } from "../../addresses.ts";
import { NetworkError } from "../errors.ts";
import type { Prefix, RoutingRule, RuleAction } from "../model.ts";
import { type Entry, numberOf, optionalText, textOf } from "./fields.ts";

/** Keys that are read or change no packet's way; every other one is a condition that is not modelled. */
const KNOWN = new Set([
  ...["priority", "not", "src", "srclen", "dst", "dstlen", "iif", "oif", "fwmark", "fwmask", "table", "goto", "nop", "l3mdev", "action"],
  ...["suppress_prefixlen", "protocol", "flags"],
]);

export function readRule(entry: Entry): RoutingRule {
  const { value } = entry;
  return {
    priority: numberOf(entry, "priority", 0),
    negated: "not" in value,
    source: networkOf(entry, "src"),
    destination: networkOf(entry, "dst"),
    inInterface: optionalText(entry, "iif"),
    outInterface: optionalText(entry, "oif"),
    mark: value["fwmark"] === undefined ? null : { value: numberOf(entry, "fwmark", 0), mask: numberOf(entry, "fwmask", 0xffffffff) },
    unmodelled: Object.keys(value).filter((key) => !KNOWN.has(key)),
    action: readAction(entry),
  };
}

function networkOf(entry: Entry, key: "src" | "dst"): Prefix | null {
  const text = optionalText(entry, key);
  if (text === null || text === "all") return null;
  const address = parseAddress(text);
  if (address === null) throw new NetworkError(`${key} is no IP address`, [...entry.path, key]);
  const bits = address.family === 4 ? 32 : 128;
  return { address: address.value, length: numberOf(entry, `${key}len`, bits) };
}

function readAction(entry: Entry): RuleAction {
  const { value } = entry;
  if ("goto" in value) return { kind: "goto", priority: numberOf(entry, "goto", 0) };
  if ("nop" in value) return { kind: "nop" };
  if ("l3mdev" in value) return { kind: "vrf" };
  const action = optionalText(entry, "action");
  if (action === "blackhole" || action === "unreachable" || action === "prohibit") return { kind: action };
  if (action !== null && action !== "lookup" && action !== "table") throw new NetworkError(`unknown action ${action}`, [...entry.path, "action"]);
  return { kind: "table", table: textOf(entry, "table"), suppressLength: numberOf(entry, "suppress_prefixlen", -1) };
}
