/** Hosts of five engine generations, recorded with every connection that was tried: rules and routes give each its answer. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { RULE_VERSIONS } from "../support/engine-version.ts";
import { findWrongAnswers } from "../support/exposure/answer.ts";
import { listHosts } from "../support/exposure/hosts.ts";
import { listRecords, readRecord } from "../support/exposure/record.ts";
import { printExposure } from "../support/exposure/table.ts";

describe("what connections showed on a recorded host", () => {
  for (const name of listRecords()) {
    it(`is what its rules and routes say: ${name}`, () => {
      const tried = readRecord(name);
      expect(findWrongAnswers(tried)).toEqual([]);
      const open = tried.attempts.filter(({ outcome }) => outcome === "open").length;
      const least = name.includes("-wire") ? 30 : 90;
      expect([open > least, tried.attempts.length - open > least]).toEqual([true, true]);
    });
  }

  it("is there for every engine and variant", () => {
    expect(listRecords()).toEqual(RULE_VERSIONS.flatMap(listHosts).map(({ name }) => name).sort());
  });
});

it("the table of exposure is the one that the records give", () => {
  expect(readFileSync(new URL("../../src/netfilter/EXPOSURE.md", import.meta.url), "utf8")).toBe(printExposure());
});
