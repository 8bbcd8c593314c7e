/**
 * The operators of conditions, three-valued: (fact, expected) → true, false or unknown. json-rules-engine's own names where it has
 * them. A value of a type that an operator cannot compare gives unknown, never a silent false: null and undefined mean "there is none".
 */
import type { Kleene } from "./kleene.ts";
import type { Read } from "./view.ts";
import { isPathWithin } from "./paths.ts";
import { matchesGlob } from "./glob.ts";
import { isOlderThanFix } from "./releases.ts";

type Compare = (actual: unknown, expected: unknown) => Kleene;

const scalarOperators = {
  equal: (actual, expected) => actual === expected || (isNone(actual) && expected === null),
  notEqual: (actual, expected) => !(actual === expected || (isNone(actual) && expected === null)),
  lessThan: numeric((actual, expected) => actual < expected),
  lessThanInclusive: numeric((actual, expected) => actual <= expected),
  greaterThan: numeric((actual, expected) => actual > expected),
  greaterThanInclusive: numeric((actual, expected) => actual >= expected),
  in: (actual, expected) => isNone(actual) ? false : list(expected).includes(actual),
  notIn: (actual, expected) => isNone(actual) ? false : !list(expected).includes(actual),
  startsWith: text((actual, expected) => actual.startsWith(expected)),
  matchesGlob: text((actual, expected) => matchesGlob(actual, expected)),
  matchesAnyGlob: (actual, expected) => {
    if (isNone(actual)) return false;
    return typeof actual === "string" ? list(expected).some((glob) => matchesGlob(actual, String(glob))) : "unknown";
  },
  olderThanFix: (actual, expected) => {
    if (isNone(actual)) return false;
    return typeof actual === "string" ? isOlderThanFix(actual, list(expected).map(String)) : "unknown";
  },
} satisfies Record<string, Compare>;

/** On lists: a known hit decides, else an unknown element makes the answer unknown. Each is "there is an element that …". */
const existsOperators = {
  contains: (element, expected) => element === expected,
  containsAny: (element, expected) => list(expected).includes(element),
  containsOther: (element, expected) => !list(expected).includes(element),
  containsGlob: (element, expected) => list(expected).some((glob) => matchesGlob(String(element), String(glob))),
  anyPathWithin: (element, expected) => list(expected).some((folder) => isPathWithin(String(element), String(folder))),
  anyPathAbove: (element, expected) => list(expected).some((path) => isPathWithin(String(path), String(element))),
  anyPathIs: (element, expected) => list(expected).includes(element),
  anyRangeHolds: (element, expected) => list(expected).some((number) => holdsNumber(String(element), Number(number))),
} satisfies Record<string, (element: unknown, expected: unknown) => boolean>;

/** On lists, about their length; unknown elements count, an unknown list is unknown. */
const lengthOperators = {
  longerThan: (length, expected) => length > expected,
} satisfies Record<string, (length: number, expected: number) => boolean>;

export type OperatorName = keyof typeof scalarOperators | keyof typeof existsOperators | keyof typeof lengthOperators;

export const OPERATOR_NAMES = [
  ...Object.keys(scalarOperators),
  ...Object.keys(existsOperators),
  ...Object.keys(lengthOperators),
] as OperatorName[];

/** Applies an operator to what was read. */
export function applyOperator(name: OperatorName, actual: Read, expected: unknown): Kleene {
  if (actual.unknown !== null) return "unknown";
  if (Object.hasOwn(scalarOperators, name)) return scalarOperators[name as keyof typeof scalarOperators](actual.value, expected);
  if (isNone(actual.value)) return false;
  if (!Array.isArray(actual.value)) return "unknown";
  if (Object.hasOwn(lengthOperators, name)) {
    return lengthOperators[name as keyof typeof lengthOperators](actual.value.length, Number(expected));
  }
  return existsElement(actual, actual.value, (element) => existsOperators[name as keyof typeof existsOperators](element, expected));
}

/** Of a list without elements there is none that …, whatever it would be compared with. */
export function hasNothingToFind(name: OperatorName, actual: Read): boolean {
  const isEmpty = isNone(actual.value) || (Array.isArray(actual.value) && actual.value.length === 0);
  return Object.hasOwn(existsOperators, name) && actual.unknown === null && isEmpty && !hasUnknownParts(actual);
}

/** Which element of a searched list makes the answer true or, where none does, unknown; null for other operators and answers. */
export function decidingElement(name: OperatorName, actual: Read, expected: unknown): number | null {
  if (!Object.hasOwn(existsOperators, name) || actual.unknown !== null || !Array.isArray(actual.value)) return null;
  const elements = actual.value as unknown[];
  const hit = elements.findIndex((element, index) => isKnown(actual, index) && existsOperators[name as keyof typeof existsOperators](element, expected));
  const open = elements.findIndex((_, index) => !isKnown(actual, index));
  return hit >= 0 ? hit : open >= 0 ? open : null;
}

function existsElement(actual: Read, elements: readonly unknown[], hit: (element: unknown) => boolean): Kleene {
  if (elements.some((element, index) => isKnown(actual, index) && hit(element))) return true;
  return hasUnknownParts(actual) ? "unknown" : false;
}

function hasUnknownParts({ unknownParts }: Read): boolean {
  for (const key in unknownParts) return Object.hasOwn(unknownParts, key);
  return false;
}

function isKnown(actual: Read, index: number): boolean {
  return !hasUnknownParts(actual) || actual.unknownParts[`${actual.at}/${index}`] === undefined;
}

function numeric(compare: (actual: number, expected: number) => boolean): Compare {
  return (actual, expected) => {
    if (isNone(actual)) return false;
    if (typeof actual !== "number" || typeof expected !== "number" || Number.isNaN(actual)) return "unknown";
    return compare(actual, expected);
  };
}

function text(compare: (actual: string, expected: string) => boolean): Compare {
  return (actual, expected) => {
    if (isNone(actual)) return false;
    return typeof actual === "string" && typeof expected === "string" ? compare(actual, expected) : "unknown";
  };
}

/** `1-21` or `443`. */
function holdsNumber(range: string, number: number): boolean {
  const [from, to = from] = range.split("-").map(Number);
  return from !== undefined && to !== undefined && number >= from && number <= to;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

function isNone(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}
