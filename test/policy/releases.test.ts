import { describe, expect, it } from "vitest";
import { isOlderThanFix } from "../../src/policy/releases.ts";

const FIXES = ["CVE-2024-41110", "23.0.15", "25.0.6", "26.1.5", "27.1.1"];

describe("isOlderThanFix", () => {
  it.each([
    ["20.10.27", true], ["23.0.14", true], ["23.0.15", false], ["24.0.9", true], ["25.0.6", false], ["26.0.2", true], ["26.1.4", true], ["26.1.5", false],
    ["27.0.3", true], ["27.1.1", false], ["27.2.0", false], ["28.0.0", false], ["v29.1.0", false], ["26.1.4-ce", true], ["20.10.24+dfsg1", true], ["26.1", true], ["library-import", "unknown"],
  ])("%s: %s", (version, expected) => {
    expect(isOlderThanFix(version, FIXES)).toBe(expected);
  });

  it("takes a fix of a lower series of the same major for one's own", () => {
    expect(["1.1.15", "1.2.7", "1.2.8", "1.3.0", "1.3.3", "1.4.0"].map((version) => isOlderThanFix(version, ["1.2.8", "1.3.3"]))).toEqual([true, true, false, true, false, false]);
  });

  it("knows no fix where none is named", () => {
    expect(isOlderThanFix("1.0.0", ["CVE-1"])).toBe(false);
  });
});
