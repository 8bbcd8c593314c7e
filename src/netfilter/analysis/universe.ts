/** The packets that a rule set tells apart: sets of them, and which a test asks for. */
import type { AddressType, NameField, NumberField, Test } from "../firewall/tests.ts";
import { stateBits } from "../firewall/tests.ts";
import type { Hook } from "../firewall/model.ts";
import { allNumbers, type Bits, numbersIn } from "./bits.ts";
import { createDiagrams, type Diagrams, everything, nothing, type PacketSet } from "./diagram.ts";
import { type Layout, planLayout, PORTED, questionKey, typeKey } from "./layout.ts";
import { isNamed } from "../walk/evaluate.ts";

export interface Universe {
  readonly diagrams: Diagrams;
  readonly family: 4 | 6;
  readonly layout: Layout;
  /** All packets that can be. */
  readonly all: PacketSet;
  readonly setOf: (test: Test) => PacketSet;
}

/** Where packets are looked at. Before connection tracking there are no connections. */
export interface Stage {
  readonly hook: Hook;
  readonly tracked: boolean;
}

/** The universe of all tests that are given; others cannot be asked in it. */
export function openUniverse(tests: Iterable<Test>, family: 4 | 6, stage: Stage, mostNodes?: number): Universe {
  const diagrams = createDiagrams(mostNodes);
  const layout = planLayout(tests, family);
  const cache = new Map<Test, PacketSet>();
  const encode = (test: Test): PacketSet => {
    const known = cache.get(test);
    if (known !== undefined) return known;
    const set = encodeTest(test, { diagrams, layout, family, stage, encode });
    cache.set(test, set);
    return set;
  };
  return { diagrams, family, layout, all: possible({ diagrams, layout, family, stage, encode }), setOf: encode };
}

interface Encoding {
  readonly diagrams: Diagrams;
  readonly layout: Layout;
  readonly family: 4 | 6;
  readonly stage: Stage;
  readonly encode: (test: Test) => PacketSet;
}

const TYPES: readonly AddressType[] = ["unspec", "unicast", "local", "broadcast", "anycast", "multicast", "blackhole", "unreachable", "prohibit", "throw", "nat", "xresolve"];

/** Numbers of the states, which are bits in tests. */
export const STATES = ["INVALID", "ESTABLISHED", "RELATED", "NEW", "UNTRACKED"] as const;

function encodeTest(test: Test, encoding: Encoding): PacketSet {
  const { diagrams, layout, family, encode } = encoding;
  switch (test.kind) {
    case "all":
      return test.tests.reduce((set, one) => diagrams.and(set, encode(one)), everything);
    case "any":
      return uniteAll(diagrams, test.tests.map(encode));
    case "not":
      return diagrams.without(everything, encode(test.test));
    case "address": {
      const bits = layout.addresses.get(test.field);
      if (test.family !== family || bits === undefined) return nothing;
      const set = numbersIn(diagrams, bits, test.set, null);
      return test.field === "source" || test.field === "destination" ? set : diagrams.and(set, withConnection(encoding));
    }
    case "name":
      return namesIn(encoding, test.field, (name) => isNamed(test.set, name));
    case "number":
      return encodeNumber(test.field, test.set, test.mask, encoding);
    case "addressType": {
      const bits = layout.types.get(typeKey(test));
      return bits === undefined ? nothing : indexesIn(diagrams, bits, test.types.map((type) => TYPES.indexOf(type)));
    }
    case "history":
    case "chance":
    case "opaque":
    case "reversePath":
    case "routeOut": {
      const question = layout.questions.get(questionKey(test) ?? "");
      return question === undefined ? nothing : diagrams.variable(question.bit);
    }
  }
}

/** Halves first, so that many small sets make no large ones again and again. */
function uniteAll(diagrams: Diagrams, sets: readonly PacketSet[]): PacketSet {
  if (sets.length <= 2) return diagrams.or(sets[0] ?? nothing, sets[1] ?? nothing);
  const middle = sets.length >> 1;
  return diagrams.or(uniteAll(diagrams, sets.slice(0, middle)), uniteAll(diagrams, sets.slice(middle)));
}

function indexesIn(diagrams: Diagrams, bits: Bits, indexes: readonly number[]): PacketSet {
  return uniteAll(diagrams, indexes.map((index) => numbersIn(diagrams, bits, [BigInt(index), BigInt(index) + 1n], null)));
}

/** A hook has no interface on the side that is not there yet, or no more. */
function namesIn({ diagrams, layout, stage }: Encoding, field: NameField, isWanted: (name: string) => boolean): PacketSet {
  const absent = (field === "in" && stage.hook === "output") || (field === "out" && (stage.hook === "prerouting" || stage.hook === "input"));
  if (absent) return isWanted("") ? everything : nothing;
  const bits = layout.names.get(field);
  if (bits === undefined) return isWanted("") ? everything : nothing;
  return indexesIn(diagrams, bits, layout.nameList.flatMap((name, index) => (isWanted(name) ? [index] : [])));
}

function encodeNumber(field: NumberField, set: readonly number[], mask: number | null, encoding: Encoding): PacketSet {
  const { diagrams, layout, family } = encoding;
  if (field === "family") return countBelow(set, family) % 2 === 1 ? everything : nothing;
  const bits = layout.numbers.get(field);
  if (bits === undefined) return nothing;
  if (field === "connectionState") {
    const wanted = STATES.flatMap((name, index) => (countBelow(set, mask === null ? stateBits[name] : stateBits[name] & mask) % 2 === 1 ? [index] : []));
    return indexesIn(diagrams, bits, wanted);
  }
  const numbers = numbersIn(diagrams, bits, set.map(BigInt), mask === null ? null : BigInt(mask));
  const carrier = carrierOf(field, encoding);
  return carrier === null ? numbers : diagrams.and(numbers, carrier);
}

/** Packets that have the field; null: all. */
function carrierOf(field: NumberField, encoding: Encoding): PacketSet | null {
  const { family, stage } = encoding;
  if (field === "sourcePort" || field === "destinationPort") return protocols(encoding, PORTED);
  if (field === "tcpFlags") return protocols(encoding, [6n, 7n]);
  if (field === "icmpType" || field === "icmpCode") return protocols(encoding, family === 4 ? [1n, 2n] : [58n, 59n]);
  // Only what this host sends has them.
  if (field === "user" || field === "group") return stage.hook === "output" || stage.hook === "postrouting" ? null : nothing;
  return /^(connection|original|reply)/.test(field) ? withConnection(encoding) : null;
}

function countBelow(set: readonly number[], value: number): number {
  return set.filter((bound) => bound <= value).length;
}

function protocols({ diagrams, layout }: Encoding, set: readonly bigint[]): PacketSet {
  const bits = layout.numbers.get("protocol");
  return bits === undefined ? nothing : numbersIn(diagrams, bits, set, null);
}

function withConnection({ diagrams, layout, stage }: Encoding): PacketSet {
  const bits = layout.numbers.get("connectionState");
  return bits === undefined || !stage.tracked ? nothing : indexesIn(diagrams, bits, [STATES.indexOf("ESTABLISHED"), STATES.indexOf("RELATED"), STATES.indexOf("NEW")]);
}

/** Numbers that stand for nothing are no packets. */
function possible(encoding: Encoding): PacketSet {
  const { diagrams, layout, stage } = encoding;
  let all = everything;
  const states = layout.numbers.get("connectionState");
  if (states !== undefined) all = diagrams.and(all, indexesIn(diagrams, states, stage.tracked ? [0, 1, 2, 3, 4] : [0, 4]));
  for (const bits of [...layout.numbers.values(), ...layout.addresses.values()]) all = diagrams.and(all, allNumbers(diagrams, bits));
  for (const bits of layout.types.values()) all = diagrams.and(all, numbersIn(diagrams, bits, [0n, BigInt(TYPES.length)], null));
  for (const [field, bits] of layout.names) {
    // A packet that is forwarded has both interfaces; elsewhere one may be missing.
    const least = isAlwaysThere(field, stage.hook) ? 1n : 0n;
    all = diagrams.and(all, numbersIn(diagrams, bits, [least, BigInt(layout.nameList.length)], null));
  }
  return all;
}

function isAlwaysThere(field: NameField, hook: Hook): boolean {
  if (field === "in") return hook === "prerouting" || hook === "input" || hook === "forward";
  return field === "out" && (hook === "forward" || hook === "output" || hook === "postrouting");
}
