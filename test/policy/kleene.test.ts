import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { all, any, not, type Kleene } from "../../src/policy/kleene.ts";

const VALUES: readonly Kleene[] = [true, false, "unknown"];
const values = fc.array(fc.constantFrom(...VALUES), { maxLength: 5 });

/** Every way in which the unknowns could turn out. */
function resolve(list: readonly Kleene[]): boolean[][] {
  return list.reduce<boolean[][]>((worlds, value) => worlds.flatMap((world) => (value === "unknown" ? [[...world, true], [...world, false]] : [[...world, value]])), [[]]);
}

function agree(outcomes: readonly boolean[]): Kleene {
  const [first = false] = outcomes;
  return outcomes.every((outcome) => outcome === first) ? first : "unknown";
}

describe("Kleene's logic", () => {
  it("negates what is known", () => {
    expect(VALUES.map(not)).toEqual([false, true, "unknown"]);
  });

  it("all is known exactly if every way in which the unknowns could turn out agrees", () => {
    fc.assert(fc.property(values, (list) => { expect(all(list, (value) => value)).toBe(agree(resolve(list).map((world) => world.every(Boolean)))); }));
  });

  it("any is known exactly if every way in which the unknowns could turn out agrees", () => {
    fc.assert(fc.property(values, (list) => { expect(any(list, (value) => value)).toBe(agree(resolve(list).map((world) => world.some(Boolean)))); }));
  });
});
