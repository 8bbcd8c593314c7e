/** Edits of texts: joined, told as edits of the first text, and printed as a diff that the real patch and git take. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { combineRounds } from "../../../src/remediation/fix/original.ts";
import { applyEdits, joinEdits, type TextEdit } from "../../../src/remediation/fix/text-edits.ts";
import { renderDiff } from "../../../src/remediation/fix/unified-diff.ts";
import { describeWith } from "../../support/requirements.ts";

const FILE = "a.yaml";

function apply(text: string, edits: readonly TextEdit[]): string {
  return applyEdits(new Map([[FILE, text]]), edits).get(FILE) ?? "";
}

const edit = (start: number, end: number, text: string): TextEdit => ({ file: FILE, start, end, text });

/** Numbers that become sorted edits of whatever text there is. */
const arbitraryRound = fc.array(fc.record({ at: fc.nat(60), length: fc.nat(9), text: fc.constantFrom("", "x", "\n", "y\n", "\nz: 1", "\r\nq", "long line\nand another\n") }), { maxLength: 4 });

function toEdits(text: string, round: readonly { at: number; length: number; text: string }[]): readonly TextEdit[] {
  const kept: TextEdit[] = [];
  for (const { at, length, text: added } of round) {
    const start = Math.min(at, text.length);
    const candidate = edit(start, Math.min(start + length, text.length), added);
    if (joinEdits([kept, [candidate]]) !== null) kept.push(candidate);
  }
  return joinEdits([kept]) ?? [];
}

const arbitraryText = fc.array(fc.constantFrom("a\n", "b: c\n", "\n", "d\r\n", "  - e\n", "\uFEFFf\n", "g"), { maxLength: 20 }).map((lines) => lines.join(""));

describe("edits", () => {
  it("of two fixes are joined, the same one once, in the order of the text", () => {
    expect(joinEdits([[edit(5, 6, "b"), edit(1, 1, "i")], [edit(1, 1, "j"), edit(5, 6, "b")]])).toEqual([edit(1, 1, "i"), edit(1, 1, "j"), edit(5, 6, "b")]);
  });

  it.each([
    ["replace the same text", [edit(1, 3, "a")], [edit(1, 3, "b")]],
    ["overlap", [edit(1, 3, "")], [edit(2, 4, "")]],
    ["put something into what is taken out", [edit(1, 3, "")], [edit(2, 2, "x")]],
  ])("that %s are not joined", (_, a, b) => {
    expect(joinEdits([a, b])).toBeNull();
  });

  it("in several rounds are edits of the first text", () => {
    fc.assert(fc.property(arbitraryText, fc.array(arbitraryRound, { maxLength: 4 }), (text, rounds) => {
      let current = text;
      const made = rounds.map((round) => {
        const edits = toEdits(current, round);
        current = apply(current, edits);
        return edits;
      });
      const combined = combineRounds(FILE, text, made);
      expect(joinEdits([combined])).toEqual(combined);
      expect(apply(text, combined)).toBe(current);
    }), { numRuns: 500 });
  });
});

describeWith({ programs: ["patch", "git"] }, "the diff", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "harden-diff-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function patch(file: string, before: string, diff: string, command: readonly [string, ...string[]]): string {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, before);
    execFileSync(command[0], command.slice(1), { cwd: folder, input: diff });
    return readFileSync(path, "utf8");
  }

  const PATCH = ["patch", "-p0", "--silent", "--fuzz=0", "--binary"] as const;

  it("is taken by the real patch, whatever changes", { timeout: 60_000 }, () => {
    fc.assert(fc.property(arbitraryText, arbitraryRound, (before, round) => {
      const edits = toEdits(before, round);
      const after = apply(before, edits);
      const diff = renderDiff(FILE, before, edits, () => false);
      expect(diff === "").toBe(before === after);
      // An empty file is one that patch removes.
      if (diff !== "" && before !== "" && after !== "") expect(patch(FILE, before, diff, PATCH)).toBe(after);
    }), { numRuns: 60, seed: 3 });
  });

  const TEXT = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`).join("");
  const EDITS = [edit(0, 0, "new\n"), edit(TEXT.indexOf("line 12"), TEXT.indexOf("line 13"), "")];

  it("is what people expect", () => {
    expect(renderDiff(FILE, TEXT, EDITS, () => false)).toBe([
      "--- a.yaml", "+++ a.yaml", "@@ -1,3 +1,4 @@", "+new", " line 1", " line 2", " line 3",
      "@@ -9,7 +10,6 @@", " line 9", " line 10", " line 11", "-line 12", " line 13", " line 14", " line 15", "",
    ].join("\n"));
  });

  it("keeps lines out that hold a credential, and is taken all the same", () => {
    const secret = "    password: hunter2\n";
    const text = `${TEXT.slice(0, TEXT.indexOf("line 9"))}${secret}${TEXT.slice(TEXT.indexOf("line 9"))}`;
    const edits = [edit(text.indexOf("line 8"), text.indexOf("line 9") - secret.length, "new 8\n"), edit(text.indexOf("line 10"), text.indexOf("line 11"), "new 10\n")];
    const diff = renderDiff(FILE, text, edits, (line) => line.includes("password"));
    expect(diff).not.toContain("hunter2");
    expect(patch(FILE, text, diff, PATCH)).toBe(apply(text, edits));
  });

  it.each(["plain.yaml", "with blanks.yaml", "deep/er/x.yaml", "ümlaut \"quoted\".yaml"])("names the file %s so that patch and git find it", (file) => {
    const diff = renderDiff(file, TEXT, EDITS.map((one) => ({ ...one, file })), () => false);
    const after = applyEdits(new Map([[file, TEXT]]), EDITS.map((one) => ({ ...one, file }))).get(file);
    expect(patch(file, TEXT, diff, PATCH)).toBe(after);
    expect(patch(file, TEXT, diff, ["git", "apply", "-p0"])).toBe(after);
  });
});
