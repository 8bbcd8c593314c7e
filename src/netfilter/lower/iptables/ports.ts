/** Ports, TCP flags and types of ICMP: the kernel's net/netfilter/xt_tcpudp.c, xt_multiport.c. */
import type { Backend } from "../../firewall/model.ts";
import { flagBits, type NumberField, type Test } from "../../firewall/tests.ts";
import type { IcmpMatch, MultiportMatch, PortsMatch } from "../../matches.ts";
import { numberRange, uniteAll } from "../../sets/intervals.ts";
import type { Negatable, Range, TcpFlag, TcpFlags } from "../../terms.ts";
import { allBytes, allOf, allPorts, anyOf, numberInOrOut } from "../tests.ts";

/** TCP options and the chunks of SCTP are no part of a packet here. */
export function lowerPorts({ sourcePorts, destinationPorts, flags, option, chunks }: PortsMatch, backend: Backend, opaque: Test): Test {
  const [source, destination] = [allOf(portTests("sourcePort", sourcePorts)), allOf(portTests("destinationPort", destinationPorts))];
  const merged = backend === "nft" && isOneExcluded(sourcePorts) && isOneExcluded(destinationPorts);
  return allOf([
    merged ? eitherOrBoth(source, destination, opaque) : allOf([source, destination]),
    ...(flags === null ? [] : [flagTest(flags)]),
    ...(option === null && chunks === null ? [] : [opaque]),
  ]);
}

/**
 * iptables-nft up to 1.8.9 compares both ports at once where both are single and excluded: `! --sport 22 ! --dport 22` takes all but packets from 22
 * to 22. Newer ones mean what is written, and no listing shows the difference: with one of the two ports the answer is not known.
 */
function eitherOrBoth(source: Test, destination: Test, opaque: Test): Test {
  return anyOf([allOf([source, destination]), allOf([anyOf([source, destination]), opaque])]);
}

function isOneExcluded(range: Negatable<Range> | null): boolean {
  return range !== null && range.negated && range.value.from === range.value.to;
}

/** None where the rule does not ask. */
export function portTests(field: NumberField, range: Negatable<Range> | null): readonly Test[] {
  return range === null ? [] : [numberInOrOut(field, numberRange(range.value.from, range.value.to), range.negated, allPorts)];
}

function flagTest({ negated, value: { mask, set } }: Negatable<TcpFlags>): Test {
  const wanted = toBits(set);
  return numberInOrOut("tcpFlags", numberRange(wanted, wanted), negated, allBytes, toBits(mask));
}

function toBits(flags: readonly TcpFlag[]): number {
  return flags.reduce((bits, flag) => bits | flagBits[flag], 0);
}

/** `! --ports`: neither of the two is in the list. */
export function lowerMultiport({ side, negated, ports }: MultiportMatch): Test {
  const set = uniteAll(ports.map(({ from, to }) => numberRange(from, to)));
  const test = (field: NumberField): Test => numberInOrOut(field, set, negated, allPorts);
  if (side !== "either") return test(side === "source" ? "sourcePort" : "destinationPort");
  const both = [test("sourcePort"), test("destinationPort")];
  return negated ? allOf(both) : anyOf(both);
}

/** Type and code are negated together. */
export function lowerIcmp({ negated, type, code }: IcmpMatch): Test {
  const types = type === null ? allBytes : numberRange(type, type);
  const codes = code === null ? allBytes : numberRange(code, code);
  const both = [numberInOrOut("icmpType", types, negated, allBytes), numberInOrOut("icmpCode", codes, negated, allBytes)];
  return negated ? anyOf(both) : allOf(both);
}
