import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, it } from "vitest";
import { assignments, commentText, quoteWord } from "../../../src/remediation/scripts/shell.ts";

it("gives the shell any text back as it was", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }).map((text) => text.replaceAll("\0", "")), (text) => {
    const wellFormed = text.toWellFormed();
    expect(execFileSync("sh", ["-c", `${assignments({ x: wellFormed })}printf %s "$x"`], { encoding: "utf8" })).toBe(wellFormed);
  }), { numRuns: 50 });
});

it.each(["'; touch /x; '", "$(id)", "`id`", "\\", "''", "a\nb", ""])("quotes %j", (text) => {
  expect(execFileSync("sh", ["-c", `printf %s ${quoteWord(text)}`], { encoding: "utf8" })).toBe(text);
});

it("keeps a comment on one line", () => {
  expect(commentText("web\nrm -rf /\r\u2028x\u001b[2J")).not.toMatch(/\p{Cc}|\p{Zl}/u);
});
