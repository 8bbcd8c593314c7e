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

it("leaves out lines at both ends without a sign, and tells a gap between changes", () => {
  expect(diffLines("a\na\na\na", "a\na\na\na\nb")).toEqual(["  a", "  a", "  a", "+ b"]);
  expect(diffLines("a\nb\nc\nd\ne", "b\nc\nd\ne")).toEqual(["- a", "  b", "  c", "  d"]);
});

const sideOf = (lines: readonly string[], mark: string): string[] => lines.filter((line) => line.startsWith(mark) || line.startsWith("  ")).map((line) => line.slice(2));

it("holds both texts of up to four lines: there is none more than three from a change", () => {
  const text = fc.array(fc.constantFrom("a", "b", "", "  a"), { maxLength: 4 }).map((lines) => lines.map((line) => `${line}\n`).join(""));
  fc.assert(fc.property(text, text, (before, after) => {
    const lines = diffLines(before, after);
    const write = (mark: string): string => sideOf(lines, mark).map((line) => `${line}\n`).join("");
    expect(lines.length === 0 ? [after, after] : [write("- "), write("+ ")]).toEqual([before, after]);
  }), { numRuns: 1000 });
});

it("leaves out of longer texts the lines that both have, more than three from every change, and no other", () => {
  const fate = fc.oneof({ weight: 6, arbitrary: fc.constant("both") }, { weight: 1, arbitrary: fc.constantFrom("before", "after") });
  fc.assert(fc.property(fc.array(fate, { maxLength: 40 }), (fates) => {
    const lines = fates.map((of, index) => ({ of, text: String(index) }));
    const side = (of: string): string[] => lines.filter((line) => line.of === "both" || line.of === of).map(({ text }) => text);
    const near = (_: unknown, index: number): boolean => fates.some((of, other) => of !== "both" && Math.abs(other - index) <= 3);
    const shown = diffLines(side("before").join("\n"), side("after").join("\n"));
    const [gone, come] = ["before", "after"].map((of) => lines.filter(near).filter((line) => line.of === "both" || line.of === of).map(({ text }) => text));
    expect([sideOf(shown, "- "), sideOf(shown, "+ ")]).toEqual([gone, come]);
  }), { numRuns: 1000 });
});

it("compares what lies between the changes only: one line among many thousands", () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => `line ${String(index)}`);
  expect(diffLines(lines.join("\n"), lines.with(10_000, "other").join("\n"))).toEqual(["  line 9997", "  line 9998", "  line 9999", "- line 10000", "+ other", "  line 10001", "  line 10002", "  line 10003"]);
});
