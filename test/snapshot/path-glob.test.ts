import { execa } from "execa";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasGlob, matchesPathGlob } from "../../src/snapshot/path-glob.ts";

describe("matchesPathGlob", () => {
  it.each([
    ["net/ipv4/conf/eth0/rp_filter", "net/ipv4/conf/*/rp_filter", true],
    ["net/ipv4/conf/eth0.1/rp_filter", "net/ipv4/conf/eth?.1/rp_filter", true],
    ["net/ipv4/conf/eth0/rp_filter", "net/*/rp_filter", false],
    ["net/ipv4", "net/ipv4/*", false],
    ["a]b", "a[]]b", true],
    ["a-b", "a[x-]b", true],
    ["axb", "a[!x]b", false],
    ["a*b", "a\\*b", true],
    ["axb", "a\\*b", false],
    ["a[b", "a[b", true],
  ])("%s against %s is %s", (path, glob, expected) => {
    expect(matchesPathGlob(path, glob)).toBe(expected);
  });

  it("agrees with the shell's own matching of one component", async () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "c", "-"), maxLength: 6 });
    const set = fc.tuple(fc.constantFrom("", "!"), fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 3 })).map(([not, body]) => `[${not}${body}]`);
    const glob = fc.array(fc.oneof(fc.constantFrom("a", "b", "c", "*", "?", "[a-b]"), set), { maxLength: 6 }).map((parts) => parts.join(""));
    const cases = fc.sample(fc.tuple(text, glob), 500).filter(([a, b]) => a !== "" && b !== "");
    const script = 'while [ $# -gt 0 ]; do case $1 in ($2) echo yes ;; (*) echo no ;; esac; shift 2; done';
    const { stdout } = await execa("sh", ["-c", script, "sh", ...cases.flat()], { env: { LC_ALL: "C" } });
    expect(cases.map(([a, b]) => [a, b, matchesPathGlob(a, b)])).toEqual(cases.map(([a, b], index) => [a, b, stdout.split("\n")[index] === "yes"]));
  });

  it("does not become slow on a hostile pattern", () => {
    const started = performance.now();
    expect(matchesPathGlob("a".repeat(5000), `${"*a".repeat(200)}*b`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

it("tells globs from plain names", () => {
  expect(["net/*", "a?", "[ab]", "plain"].map(hasGlob)).toEqual([true, true, true, false]);
});
