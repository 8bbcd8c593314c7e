/** Lowers the conditions of a rule to tests. */
import { parseAddress } from "../../addresses.ts";
import type { AddressField, Test } from "../../firewall/tests.ts";
import type { AddressMatch, Condition, IprangeMatch } from "../../matches.ts";
import { type Intervals, bigintRange, numberRange, uniteAll } from "../../sets/intervals.ts";
import type { AddressRange, InterfaceName, Negatable } from "../../terms.ts";
import { addressInOrOut, allBytes, allOf, allWords, nameIn, notIf, numberIn, numberInOrOut } from "../tests.ts";
import { lowerConntrack } from "./conntrack.ts";
import { lowerConnlimit, lowerHashlimit, lowerLimit, lowerRecent } from "./limits.ts";
import { networkSet } from "./network-set.ts";
import { lowerAddrtype, lowerOwner, lowerPhysdev } from "./origins.ts";
import { lowerIcmp, lowerMultiport, lowerPorts } from "./ports.ts";
import type { Surroundings } from "./surroundings.ts";

/** The test that a condition is; `text` are its words. What cannot be put as one is opaque. */
export function lowerCondition(condition: Condition, text: string, { backend, family: table, sets }: Surroundings): Test {
  const family = table === "ip" ? 4 : 6;
  const opaque: Test = { kind: "opaque", text };
  switch (condition.kind) {
    case "source":
    case "destination":
      return lowerAddresses(condition, family) ?? opaque;
    case "in-interface":
      return nameIn("in", namesOf(condition, condition.negated));
    case "out-interface":
      return nameIn("out", namesOf(condition, condition.negated));
    case "protocol":
      return numberInOrOut("protocol", condition.number === 0 ? allBytes : numberRange(condition.number, condition.number), condition.negated, allBytes);
    case "fragment":
      return numberIn("fragment", condition.negated ? [0, 1] : [1, 2]);
    case "tcp":
    case "udp":
    case "sctp":
      return lowerPorts(condition, backend, opaque);
    case "multiport":
      return lowerMultiport(condition);
    case "icmp":
    case "icmp6":
      return lowerIcmp(condition);
    case "conntrack":
      return lowerConntrack(condition, family, opaque);
    case "addrtype":
      return lowerAddrtype(condition, family);
    case "mark":
      return numberInOrOut("mark", numberRange(condition.value, condition.value), condition.negated, allWords, condition.mask);
    case "connmark":
      return numberInOrOut("connectionMark", numberRange(condition.value, condition.value), condition.negated, allWords, condition.mask);
    case "physdev":
      return lowerPhysdev(condition);
    case "limit":
      return lowerLimit(condition, text);
    case "hashlimit":
      return lowerHashlimit(condition, text);
    case "connlimit":
      return lowerConnlimit(condition, text);
    case "recent":
      return lowerRecent(condition, text);
    case "owner":
      return lowerOwner(condition, opaque);
    case "comment":
      return allOf([]);
    case "pkttype":
      return numberInOrOut("packetType", packetTypes[condition.type] ?? [], condition.negated, numberRange(0, 3));
    case "rpfilter":
      return notIf(condition.invert, { kind: "reversePath", loose: condition.loose, acceptLocal: condition.acceptLocal, useMark: condition.validMark });
    case "statistic":
    case "time":
      return { kind: "chance", text };
    case "set": {
      const member = sets(condition, family);
      return member === null ? opaque : notIf(condition.negated, member);
    }
    case "iprange":
      return lowerIprange(condition) ?? opaque;
    case "string":
    case "u32":
    case "opaque":
      return opaque;
  }
}

/** PACKET_HOST, PACKET_BROADCAST and PACKET_MULTICAST of the kernel's if_packet.h. */
const packetTypes: Readonly<Record<string, Intervals<number>>> = { unicast: [0, 1], broadcast: [1, 2], multicast: [2, 3] };

function namesOf({ name, wildcard }: InterfaceName, negated: boolean): { readonly negated: boolean; readonly names: readonly string[]; readonly prefixes: readonly string[] } {
  return { negated, names: wildcard ? [] : [name], prefixes: wildcard ? [name] : [] };
}

function lowerAddresses({ kind, negated, networks }: AddressMatch, family: 4 | 6): Test | null {
  const sets = networks.map(networkSet);
  if (sets.some((set) => set === null)) return null;
  return addressInOrOut(kind, family, uniteAll(sets.filter((set) => set !== null)), negated);
}

function lowerIprange({ source, destination }: IprangeMatch): Test | null {
  const sides = [rangeTest("source", source), rangeTest("destination", destination)].filter((side) => side !== undefined);
  return sides.includes(null) ? null : allOf(sides.filter((side) => side !== null));
}

/** Undefined where the rule does not ask. */
function rangeTest(field: AddressField, range: Negatable<AddressRange> | null): Test | null | undefined {
  if (range === null) return undefined;
  const [from, to] = [range.value.from, range.value.to].map(parseAddress);
  if (from == null || to == null) return null;
  return addressInOrOut(field, from.family, from.value > to.value ? [] : bigintRange(from.value, to.value), range.negated);
}
