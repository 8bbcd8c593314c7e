/** A set that is changed little by little, against one that is computed anew each time. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { intersect, subtract, unite, uniteAll } from "../../../src/netfilter/sets/intervals.ts";
import { type Patched, patchable, replace, restrict, settle } from "../../../src/netfilter/symbolic/patched.ts";

const few = fc.array(fc.tuple(fc.bigInt(0n, 999n), fc.bigInt(1n, 9n)), { maxLength: 4 }).map((pairs) => uniteAll(pairs.map(([from, length]) => [from, from + length])));
const changes = fc.array(fc.record({ part: few, within: few }), { minLength: 1, maxLength: 200, size: "max" });

it("is the set that all changes together make", () => {
  fc.assert(
    fc.property(few, changes, few, (start, all, asked) => {
      let patched: Patched = patchable(start);
      let plain = start;
      for (const { part, within } of all) {
        const kept = intersect(part, within);
        patched = replace(patched, part, kept);
        plain = unite(subtract(plain, part), kept);
        expect(restrict(patched, asked)).toEqual(intersect(plain, asked));
      }
      expect(settle(patched)).toEqual(plain);
    }),
  );
});
