/** Which bits a packet is told apart by: those of the fields that tests name, in an order that keeps diagrams small. */
import { addressBits } from "../addresses.ts";
import type { AddressField, NameField, NumberField, Test } from "../firewall/tests.ts";
import { type Bits, widthOfCuts } from "./bits.ts";
import { distinguishNames } from "./names.ts";
import { visitTests } from "./visit-tests.ts";

export interface Layout {
  readonly numbers: ReadonlyMap<NumberField, Bits>;
  readonly addresses: ReadonlyMap<AddressField, Bits>;
  readonly names: ReadonlyMap<NameField, Bits>;
  /** By number. */
  readonly nameList: readonly string[];
  /** Types of addresses, by field and interface. */
  readonly types: ReadonlyMap<string, Bits>;
  /** What is no field of the packet: limits, chance, routes, what is not understood. One bit each, free to be either. */
  readonly questions: ReadonlyMap<string, { readonly bit: number; readonly test: Test }>;
}

const WIDTHS: Readonly<Record<NumberField, number>> = {
  family: 0, protocol: 8, sourcePort: 16, destinationPort: 16, tcpFlags: 8, icmpType: 8, icmpCode: 8, fragment: 1, packetType: 2, mark: 32, user: 32, group: 32,
  connectionState: 3, connectionStatus: 16, connectionDirection: 1, connectionMark: 32, connectionProtocol: 8, originalSourcePort: 16, originalDestinationPort: 16,
  replySourcePort: 16, replyDestinationPort: 16,
};

/**
 * Fields that cut the packets into few large parts come first, then addresses, which rules mostly name one by one, then ports, which they also give in ranges that
 * cross each other: diagrams stay small so.
 */
const COARSE_NUMBERS: readonly NumberField[] = ["protocol", "connectionState", "fragment", "connectionDirection", "packetType", "icmpType", "icmpCode"];
const FINE_NUMBERS: readonly NumberField[] = [
  "destinationPort", "sourcePort", "tcpFlags", "connectionStatus", "connectionProtocol", "originalDestinationPort", "originalSourcePort", "replyDestinationPort", "replySourcePort",
  "mark", "connectionMark", "user", "group",
];
const ADDRESS_ORDER: readonly AddressField[] = ["destination", "source", "originalDestination", "originalSource", "replyDestination", "replySource"];
const NAME_ORDER: readonly NameField[] = ["out", "in", "physicalOut", "physicalIn"];

/** Protocols that have ports, as intervals: TCP, UDP, DCCP, SCTP, UDP-Lite. */
export const PORTED = [6n, 7n, 17n, 18n, 33n, 34n, 132n, 133n, 136n, 137n];

/** The bits of whatever these tests ask of a packet, and of nothing else. */
export function planLayout(tests: Iterable<Test>, family: 4 | 6): Layout {
  const used = collectFields(tests, family);
  const nameList = distinguishNames(used.nameSets);
  let next = 0;
  const take = (width: number, cuts: readonly bigint[] | null = null): Bits => {
    next += width;
    return { first: next - width, width, cuts };
  };
  const pick = <T>(order: readonly T[], isUsed: (field: T) => boolean, width: (field: T) => number): ReadonlyMap<T, Bits> =>
    new Map(order.filter(isUsed).map((field) => {
      const cuts = used.cuts.get(String(field));
      return [field, cuts === undefined ? take(width(field)) : take(widthOfCuts(cuts), cuts)];
    }));
  const names = pick(NAME_ORDER, (field) => used.fields.has(field), () => Math.max(1, Math.ceil(Math.log2(nameList.length))));
  // Whether ports, flags and connections are there hangs on these two.
  const coarse = pick(COARSE_NUMBERS, (field) => field === "protocol" || field === "connectionState" || used.fields.has(field), (field) => WIDTHS[field]);
  const addresses = pick(ADDRESS_ORDER, (field) => used.fields.has(field), () => addressBits(family));
  const fine = pick(FINE_NUMBERS, (field) => used.fields.has(field), (field) => WIDTHS[field]);
  const types = pick([...used.types], () => true, () => 4);
  const questions = new Map([...used.questions].map(([key, test]) => [key, { bit: take(1).first, test }]));
  return { numbers: new Map([...coarse, ...fine]), addresses, names, nameList, types, questions };
}

/** What tests ask of a packet. */
interface Asked {
  readonly fields: ReadonlySet<string>;
  readonly nameSets: Parameters<typeof distinguishNames>[0];
  readonly types: ReadonlySet<string>;
  readonly questions: ReadonlyMap<string, Test>;
  /** By field: where sets of its numbers begin and end. */
  readonly cuts: ReadonlyMap<string, readonly bigint[]>;
}

function collectFields(tests: Iterable<Test>, family: 4 | 6): Asked {
  const [fields, types] = [new Set<string>(), new Set<string>()];
  const nameSets: Parameters<typeof distinguishNames>[0][number][] = [];
  const questions = new Map<string, Test>();
  const bounds = new Map<string, Set<bigint>>([["protocol", new Set([...PORTED, 1n, 2n, 58n, 59n])]]);
  // Bits under a mask are told apart one by one.
  const masked = new Set<string>(["connectionState", "mark", "connectionMark"]);
  for (const test of visitTests(tests)) {
    if (test.kind === "number" && test.mask !== null) masked.add(test.field);
    if (test.kind === "number" || test.kind === "address") {
      const known = bounds.get(test.field) ?? new Set();
      for (const bound of test.set) known.add(BigInt(bound));
      bounds.set(test.field, known);
    }
    if (test.kind === "number" || test.kind === "address" || test.kind === "name") fields.add(test.field);
    if (test.kind === "name") nameSets.push(test.set);
    if (test.kind === "addressType") types.add(typeKey(test));
    const key = questionKey(test);
    if (key !== null && !questions.has(key)) questions.set(key, test);
  }
  const cuts = [...bounds].filter(([field]) => !masked.has(field)).map(([field, set]): [string, readonly bigint[]] => [field, [...set].filter((bound) => bound > 0n && bound < 1n << bitsOf(field, family)).sort((a, b) => (a < b ? -1 : 1))]);
  return { fields, nameSets, types, questions, cuts: new Map(cuts) };
}

/** Of the field's own numbers: bounds of sets go one beyond them, where no packet is. */
function bitsOf(field: string, family: 4 | 6): bigint {
  return BigInt(Object.entries(WIDTHS).find(([name]) => name === field)?.[1] ?? addressBits(family));
}

/** Under which an address type is kept in `types`. */
export function typeKey({ field, interface: by }: { readonly field: string; readonly interface: string | null }): string {
  return `${field} ${by ?? ""}`;
}

const identities = new WeakMap<Test, number>();
let identityCount = 0;

/** Under which a test is kept in `questions`; null for one that asks fields of the packet. Equal questions about one packet have equal answers, but for limits and chance, which are asked anew by every rule. */
export function questionKey(test: Test): string | null {
  if (test.kind === "opaque" || test.kind === "reversePath" || test.kind === "routeOut") return JSON.stringify(test);
  if (test.kind !== "history" && test.kind !== "chance") return null;
  const known = identities.get(test) ?? ++identityCount;
  identities.set(test, known);
  return `${test.kind} ${known}`;
}
