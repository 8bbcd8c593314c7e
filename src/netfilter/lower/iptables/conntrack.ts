/** -m conntrack, as conntrack_mt of the kernel's net/netfilter/xt_conntrack.c judges. */
import { type AddressField, stateBits, statusBits, type Test } from "../../firewall/tests.ts";
import type { ConntrackMatch } from "../../matches.ts";
import { numberRange } from "../../sets/intervals.ts";
import type { Negatable, Network } from "../../terms.ts";
import { addressInOrOut, allBytes, allOf, anyOf, notIf, numberIn, numberInOrOut } from "../tests.ts";
import { networkSet } from "./network-set.ts";
import { portTests } from "./ports.ts";

/**
 * A packet without connection (INVALID, UNTRACKED) meets the whole condition if it meets the part on states, whatever else is asked, and
 * never without one.
 */
export function lowerConntrack(match: ConntrackMatch, family: 4 | 6, opaque: Test): Test {
  const rest = [
    ...(match.statuses === null ? [] : [statusTest(match.statuses)]),
    ...(match.protocol === null ? [] : [numberInOrOut("connectionProtocol", numberRange(match.protocol.value, match.protocol.value), match.protocol.negated, allBytes)]),
    ...networkTests("originalSource", match.originalSource, family, opaque),
    ...networkTests("originalDestination", match.originalDestination, family, opaque),
    ...networkTests("replySource", match.replySource, family, opaque),
    ...networkTests("replyDestination", match.replyDestination, family, opaque),
    ...portTests("originalSourcePort", match.originalSourcePorts),
    ...portTests("originalDestinationPort", match.originalDestinationPorts),
    ...portTests("replySourcePort", match.replySourcePorts),
    ...portTests("replyDestinationPort", match.replyDestinationPorts),
    ...(match.direction === null ? [] : [numberIn("connectionDirection", match.direction === "original" ? [0, 1] : [1, 2])]),
    ...(match.expires === null ? [] : [hasConnection, opaque]),
  ];
  if (match.states === null) return allOf(rest.length === 0 ? [hasConnection] : rest);
  const state = notIf(match.states.negated, stateTest(match.states.value));
  return rest.length === 0 ? state : allOf([state, anyOf([{ kind: "not", test: hasConnection }, allOf(rest)])]);
}

const hasConnection: Test = numberIn("connectionDirection", [0, 2]);

/** SNAT and DNAT are states of their own here, beside NEW and the others. */
function stateTest(states: readonly string[]): Test {
  const bits = sumBits(states, stateBits);
  const translated = sumBits(states, { SNAT: statusBits.SNAT, DNAT: statusBits.DNAT });
  const tests = [
    ...(bits === 0 ? [] : [numberIn("connectionState", numberRange(1, 0xffff), bits)]),
    ...(translated === 0 ? [] : [numberIn("connectionStatus", numberRange(1, 0xffff), translated)]),
  ];
  return anyOf(tests);
}

/** NONE is no bit, and so never set. */
function statusTest({ negated, value }: Negatable<readonly string[]>): Test {
  const bits = sumBits(value, statusBits);
  return numberIn("connectionStatus", negated ? numberRange(0, 0) : numberRange(1, 0xffff), bits);
}

function sumBits(names: readonly string[], bits: Readonly<Record<string, number>>): number {
  return names.reduce((sum, name) => sum | (bits[name] ?? 0), 0);
}

function networkTests(field: AddressField, network: Negatable<Network> | null, family: 4 | 6, opaque: Test): readonly Test[] {
  if (network === null) return [];
  const set = networkSet(network.value);
  return [set === null ? opaque : addressInOrOut(field, family, set, network.negated)];
}
