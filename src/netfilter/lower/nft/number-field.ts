/** Fields that are numbers: protocols, ports, flags, marks, states. */
import type { NumberField, Test } from "../../firewall/tests.ts";
import type { NftExpression } from "../../nft/expressions.ts";
import { type Intervals, complement, intersect, numberRange, uniteAll } from "../../sets/intervals.ts";
import { numberIn } from "../tests.ts";
import type { Field } from "./field.ts";

export interface NumberKind {
  readonly field: NumberField;
  readonly implied: readonly Test[];
  /** All values that it can have. */
  readonly space: Intervals<number>;
  /** Numbers of the words that nft prints for them. */
  readonly names: (name: string) => number | null;
}

export function numberField(kind: NumberKind, mask: number | null = null): Field {
  const { field, implied, space } = kind;
  const test = (set: Intervals<number>): Test => numberIn(field, intersect(set, space), mask);
  return {
    implied,
    present: numberIn(field, space),
    isOneOf: (constants, negated) => {
      const sets = constants.map((constant) => setOf(constant, kind));
      if (sets.some((set) => set === null)) return null;
      const set = uniteAll(sets.filter((one) => one !== null));
      return test(negated ? complement(set, space) : set);
    },
    compare: (operator, constant) => {
      const bound = numberOf(constant, kind);
      if (bound === null) return null;
      const first = operator === "<" || operator === ">=" ? bound : bound + 1;
      const below = first === 0 ? [] : [0, first];
      return test(operator.startsWith("<") ? below : complement(below, space));
    },
    hasBits: (constant, any) => {
      const bits = numberOf(constant, kind);
      if (bits === null) return null;
      const asked = and(bits, mask);
      return numberIn(field, any ? complement([0, 1], space) : [0, 1], asked);
    },
    under: (constant) => {
      const bits = numberOf(constant, kind);
      return bits === null ? null : numberField(kind, and(bits, mask));
    },
  };
}

/** The single number of a constant; flags in a list, or joined by `|`, count together. */
export function numberOf(constant: NftExpression, kind: Pick<NumberKind, "names">): number | null {
  if (constant.kind === "value") return wordNumber(constant.value, kind);
  const parts = constant.kind === "list" ? constant.items : constant.kind === "binary" && constant.operator === "|" ? constant.operands : null;
  return parts?.reduce<number | null>((sum, part) => or(sum, numberOf(part, kind)), 0) ?? null;
}

function wordNumber(word: string | number | boolean, { names }: Pick<NumberKind, "names">): number | null {
  if (typeof word === "boolean") return null;
  if (typeof word === "number") return word >= 0 && word < 2 ** 32 ? word : null;
  return names(word);
}

function setOf(constant: NftExpression, kind: NumberKind): Intervals<number> | null {
  if (constant.kind === "range") {
    const [from, to] = [numberOf(constant.from, kind), numberOf(constant.to, kind)];
    return from === null || to === null ? null : from > to ? [] : numberRange(from, to);
  }
  if (constant.kind === "prefix") {
    const from = numberOf(constant.address, kind);
    const size = (kind.space.at(-1) ?? 0) / 2 ** constant.length;
    return from === null ? null : numberRange(from, from + size - 1);
  }
  const value = numberOf(constant, kind);
  return value === null ? null : numberRange(value, value);
}

function and(bits: number, mask: number | null): number {
  return mask === null ? bits : (bits & mask) >>> 0;
}

function or(left: number | null, right: number | null): number | null {
  return left === null || right === null ? null : (left | right) >>> 0;
}

