/** The fields that nft's expressions name. */
import type { NumberField, Test } from "../../firewall/tests.ts";
import type { NftExpression } from "../../nft/expressions.ts";
import { type Intervals, numberRange } from "../../sets/intervals.ts";
import { allBytes, allPorts, allWords, numberIn } from "../tests.ts";
import { addressField } from "./address-field.ts";
import { conntrackField } from "./conntrack-field.ts";
import type { Field } from "./field.ts";
import { fibField } from "./fib-field.ts";
import { fragmentField } from "./fragment-field.ts";
import { nameField } from "./name-field.ts";
import {
  etherNames, familyNames, flagNames, icmp6CodeNames, icmp6TypeNames, icmpCodeNames, icmpTypeNames, type Names, noNames, packetTypeNames, protocolNames,
} from "./names.ts";
import { numberField } from "./number-field.ts";
import { portField } from "./port-field.ts";

/** Null for what is not modelled. */
export function fieldOf(expression: NftExpression): Field | null {
  if (expression.kind === "meta") return metaField(expression.key);
  if (expression.kind === "payload") return payloadField(expression.protocol, expression.field);
  if (expression.kind === "ct") return conntrackField(expression);
  if (expression.kind === "fib") return fibField(expression);
  return expression.kind === "binary" ? maskedField(expression) : null;
}

/** `field & mask`. */
function maskedField({ operator, operands }: Extract<NftExpression, { kind: "binary" }>): Field | null {
  const [left, mask, ...more] = operands;
  if (operator !== "&" || left === undefined || mask === undefined || more.length > 0) return null;
  if (left.kind === "payload" && left.protocol === "ip" && left.field === "frag-off") return fragmentField(mask);
  return fieldOf(left)?.under(mask) ?? null;
}

function number(field: NumberField, space: Intervals<number>, names: Names, implied: readonly Test[] = []): Field {
  return numberField({ field, space, names, implied });
}

const families: Intervals<number> = [4, 5, 6, 7];

function metaField(key: string): Field | null {
  switch (key) {
    case "iifname":
      return nameField("in", false);
    case "oifname":
      return nameField("out", false);
    case "iif":
      return nameField("in", true);
    case "oif":
      return nameField("out", true);
    case "l4proto":
      return number("protocol", allBytes, protocolNames);
    case "nfproto":
      return number("family", families, familyNames);
    case "protocol":
      return number("family", families, etherNames);
    case "mark":
      return number("mark", allWords, noNames);
    case "pkttype":
      return number("packetType", numberRange(0, 3), packetTypeNames);
    case "skuid":
      return number("user", allWords, noNames);
    case "skgid":
      return number("group", allWords, noNames);
    default:
      return null;
  }
}

const ofFamily = (family: 4 | 6): Test => numberIn("family", [family, family + 1]);
const ofProtocol = (protocol: number): Test => numberIn("protocol", numberRange(protocol, protocol));

/** The transports whose ports are named by their protocol. */
const portProtocols: Readonly<Record<string, number>> = { tcp: 6, udp: 17, dccp: 33, sctp: 132, udplite: 136 };

function payloadField(protocol: string, field: string): Field | null {
  const transport = portProtocols[protocol];
  if (transport !== undefined || protocol === "th") return transportField(transport ?? null, field);
  switch (`${protocol} ${field}`) {
    case "ip saddr":
      return addressField("source", 4, [ofFamily(4)]);
    case "ip daddr":
      return addressField("destination", 4, [ofFamily(4)]);
    case "ip6 saddr":
      return addressField("source", 6, [ofFamily(6)]);
    case "ip6 daddr":
      return addressField("destination", 6, [ofFamily(6)]);
    case "ip protocol":
      return number("protocol", allBytes, protocolNames, [ofFamily(4)]);
    // Of a packet with extension headers nft sees the first of them here; no packet of the model has one.
    case "ip6 nexthdr":
      return number("protocol", allBytes, protocolNames, [ofFamily(6)]);
    case "ether type":
      return number("family", families, etherNames);
    case "icmp type":
      return number("icmpType", allBytes, icmpTypeNames, [ofFamily(4), ofProtocol(1)]);
    case "icmp code":
      return number("icmpCode", allBytes, icmpCodeNames, [ofFamily(4), ofProtocol(1)]);
    case "icmpv6 type":
      return number("icmpType", allBytes, icmp6TypeNames, [ofFamily(6), ofProtocol(58)]);
    case "icmpv6 code":
      return number("icmpCode", allBytes, icmp6CodeNames, [ofFamily(6), ofProtocol(58)]);
    default:
      return null;
  }
}

/** A later fragment has no transport header. */
const isWhole: Test = numberIn("fragment", [0, 1]);

function transportField(protocol: number | null, field: string): Field | null {
  const implied = protocol === null ? [] : [ofProtocol(protocol)];
  if (field === "sport" || field === "dport") {
    const port = number(field === "sport" ? "sourcePort" : "destinationPort", allPorts, noNames, implied);
    return protocol === null ? portField(port, isWhole) : port;
  }
  return protocol === 6 && field === "flags" ? number("tcpFlags", allBytes, flagNames, implied) : null;
}
