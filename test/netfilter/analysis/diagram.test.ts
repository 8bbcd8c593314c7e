import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { createDiagrams, type Diagrams, everything, nothing, type PacketSet } from "../../../src/netfilter/analysis/diagram.ts";

const WIDTH = 5;

/** A set as a table: whether each of the 32 packets is in it. */
type Expression = { readonly kind: "variable"; readonly index: number } | { readonly kind: "and" | "or" | "without"; readonly left: Expression; readonly right: Expression };

const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 5 },
    fc.record({ kind: fc.constant("variable" as const), index: fc.nat(WIDTH - 1) }),
    fc.record({ kind: fc.constantFrom("and" as const, "or" as const, "without" as const), left: tie("expression"), right: tie("expression") }),
  ),
}));

function build(diagrams: Diagrams, one: Expression): PacketSet {
  return one.kind === "variable" ? diagrams.variable(one.index) : diagrams[one.kind](build(diagrams, one.left), build(diagrams, one.right));
}

function holds(one: Expression, packet: number): boolean {
  if (one.kind === "variable") return ((packet >> one.index) & 1) === 1;
  const [left, right] = [holds(one.left, packet), holds(one.right, packet)];
  return one.kind === "and" ? left && right : one.kind === "or" ? left || right : left && !right;
}

function tableOf(one: Expression): string {
  return Array.from({ length: 1 << WIDTH }, (_, packet) => (holds(one, packet) ? 1 : 0)).join("");
}

describe("diagrams", () => {
  it("are equal where the sets are, and only there; and one of its packets is in a set", () => {
    fc.assert(fc.property(expression, expression, (one, other) => {
      const diagrams = createDiagrams();
      const [left, right] = [build(diagrams, one), build(diagrams, other)];
      expect(left === right).toBe(tableOf(one) === tableOf(other));
      const member = diagrams.member(left);
      const packet = [...(member ?? [])].reduce((bits, [index, isSet]) => (isSet ? bits | (1 << index) : bits), 0);
      expect(member === null ? left === nothing : holds(one, packet)).toBe(true);
      expect(diagrams.rebuild(left, diagrams.choice)).toBe(left);
    }));
  });

  it("have the packets that are not in a set for nothing", () => {
    fc.assert(fc.property(expression, (one) => {
      const diagrams = createDiagrams();
      const set = build(diagrams, one);
      const before = diagrams.size();
      expect(diagrams.or(set, diagrams.without(everything, set))).toBe(everything);
      expect(diagrams.size()).toBe(before);
    }));
  });
});
