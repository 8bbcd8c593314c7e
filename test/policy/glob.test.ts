import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesGlob } from "../../src/policy/glob.ts";

/** The same by definition: every way of splitting the text. */
function matchesByDefinition(text: string, glob: string): boolean {
  const [first, rest] = [glob[0], glob.slice(1)];
  if (first === undefined) return text === "";
  if (first === "*") return Array.from({ length: text.length + 1 }, (_, length) => text.slice(length)).some((tail) => matchesByDefinition(tail, rest));
  return text !== "" && (first === "?" || first === text[0]) && matchesByDefinition(text.slice(1), rest);
}

describe("globs", () => {
  it("match as they are defined", () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 7 }), fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 6 }), (text, glob) => {
      expect(matchesGlob(text, glob)).toBe(matchesByDefinition(text, glob));
    }), { numRuns: 2000 });
  });

  it("give nothing else a meaning", () => {
    expect(matchesGlob("a.c", "a.c")).toBe(true);
    expect(matchesGlob("abc", "a.c")).toBe(false);
    expect(matchesGlob("a", "[ab]")).toBe(false);
  });

  it("answer soon what a backtracking matcher would take years for", () => {
    const start = performance.now();
    expect(matchesGlob("a".repeat(20_000), `${"*a".repeat(30)}b`)).toBe(false);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
