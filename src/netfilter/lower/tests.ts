/** Short forms for tests, shared by the readers of all languages. */
import { addressBits } from "../addresses.ts";
import type { AddressField, AddressTest, NameField, NameSet, NameTest, NumberField, NumberTest, Test } from "../firewall/tests.ts";
import { type Intervals, complement, numberRange } from "../sets/intervals.ts";

export const always: Test = { kind: "all", tests: [] };
export const never: Test = { kind: "any", tests: [] };

/** All ports. */
export const allPorts = numberRange(0, 65535);
/** All numbers of 8 and of 32 bits. */
export const allBytes = numberRange(0, 255);
export const allWords = numberRange(0, 0xffffffff);

/** All addresses of a family. */
export function allAddresses(family: 4 | 6): Intervals<bigint> {
  return [0n, 1n << BigInt(addressBits(family))];
}

export function numberIn(field: NumberField, set: Intervals<number>, mask: number | null = null): NumberTest {
  return { kind: "number", field, mask, set };
}

/** The number is in the set, or for `negated` anywhere else in `space`. */
export function numberInOrOut(field: NumberField, set: Intervals<number>, negated: boolean, space: Intervals<number>, mask: number | null = null): NumberTest {
  return numberIn(field, negated ? complement(set, space) : set, mask);
}

export function addressInOrOut(field: AddressField, family: 4 | 6, set: Intervals<bigint>, negated: boolean): AddressTest {
  return { kind: "address", field, family, set: negated ? complement(set, allAddresses(family)) : set };
}

export function nameIn(field: NameField, set: NameSet): NameTest {
  return { kind: "name", field, set };
}

/** All of the tests; a single one is itself. */
export function allOf(tests: readonly Test[]): Test {
  const [only, ...others] = tests;
  return only !== undefined && others.length === 0 ? only : { kind: "all", tests };
}

export function anyOf(tests: readonly Test[]): Test {
  const [only, ...others] = tests;
  return only !== undefined && others.length === 0 ? only : { kind: "any", tests };
}

export function notIf(negated: boolean, test: Test): Test {
  return negated ? { kind: "not", test } : test;
}
