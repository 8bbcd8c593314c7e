import { expect, it } from "vitest";
import fc from "fast-check";
import { diffLines } from "../../src/remediation/line-diff.ts";

it("shows what goes and what comes, with three lines around it", () => {
  const before = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"];
  const after = ["a", "B", "c", "d", "e", "f", "g", "h", "i", "k", "l"];
  expect(diffLines(before.join("\n"), after.join("\n"))).toEqual(["  a", "- b", "+ B", "  c", "  d", "  e", "…", "  g", "  h", "  i", "- j", "  k", "+ l"]);
});

it("is empty where nothing changes, and all new where there was nothing", () => {
  expect(diffLines("a\nb\n", "a\nb\n")).toEqual([]);
  expect(diffLines("", "a\n\nb\n")).toEqual(["+ a", "+ ", "+ b"]);
  expect(diffLines("a\n", "")).toEqual(["- a"]);
});

it("holds both texts, if nothing of them is left out", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 6 });
  fc.assert(fc.property(text, text, (before, after) => {
    const lines = diffLines(before.join("\n"), after.join("\n"));
    if (lines.length === 0) return before.join("\n") === after.join("\n");
    const side = (mark: string): string[] => lines.filter((line) => line.startsWith(mark) || line.startsWith("  ")).map((line) => line.slice(2));
    return !lines.includes("…") ? side("- ").join() === before.join() && side("+ ").join() === after.join() : true;
  }));
});
