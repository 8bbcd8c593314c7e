import { describe, expect, it } from "vitest";
import { escapeInvisible, nearest, quote, suggest } from "../src/text.ts";

describe("the word that was meant", () => {
  it.each([
    ["privleged", "privileged"], ["priviledged", "privileged"], ["hihg", "high"], ["HIGH", "high"], ["colour", null], ["", null], ["lo", "low"],
  ])("for %s is %s", (word, meant) => {
    expect(nearest(word, ["privileged", "high", "low", "critical"])).toBe(meant);
  });

  it("is the nearest of several", () => {
    expect(nearest("mounst", ["mount", "mounts", "counts"])).toBe("mounts");
  });

  it("is asked for, or all accepted ones are listed", () => {
    expect(suggest("hgh", ["high", "low"])).toBe('did you mean "high"?');
    expect(suggest("red", ["high", "low"])).toBe("accepted: high, low");
  });
});

describe("quoting", () => {
  it.each([
    ["a", '"a"'], [5, "5"], [null, "null"], [[1, "x"], '[1,"x"]'], [undefined, "undefined"], [Number.NaN, "NaN"],
    ["x".repeat(100), `"${"x".repeat(59)}…`], ["\u001b[31m\u009b\u202e", '"\\u001b[31m\\u{9b}\\u{202e}"'],
  ])("of %j is %s", (value, text) => {
    expect(quote(value)).toBe(text);
  });

  it("leaves letters of all languages and spaces alone", () => {
    expect(escapeInvisible("Größe 大小 → ok")).toBe("Größe 大小 → ok");
    expect(escapeInvisible("a\tb\u{e0041}")).toBe("a\\u{9}b\\u{e0041}");
  });
});
