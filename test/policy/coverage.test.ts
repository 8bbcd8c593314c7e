import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { builtinPolicies, builtinProfiles } from "../../src/policy/builtin.ts";
import { listCoverage } from "../../src/policy/coverage.ts";
import type { Recommendation } from "../../src/policy/model/settings.ts";
import { includesPolicy } from "../../src/policy/profile.ts";

const [profile] = builtinProfiles().filter(({ name }) => name === "cis-docker");
if (profile === undefined) throw new Error("there is no profile cis-docker");
const rows = listCoverage(profile, builtinPolicies());
const numbersOf = (coverage: Recommendation["coverage"]): string[] => rows.filter((row) => row.coverage === coverage).map(({ number }) => number);

/** How many recommendations each section of the benchmark, version 1.6, has. */
const SECTIONS = [["1.1", 18], ["1.2", 2], ["2", 18], ["3", 24], ["4", 12], ["5", 32], ["6", 2], ["7", 9]] as const;

it("has every recommendation of the benchmark once, in its order", () => {
  const all = SECTIONS.flatMap(([section, count]) => Array.from({ length: count }, (_, index) => `${section}.${index + 1}`));
  expect(rows.map(({ number }) => number)).toEqual(all);
});

it("has a policy for what is automated or partly so, none for what is manual, and a reason for what is not automated", () => {
  expect(rows.filter(({ coverage, policies }) => (coverage === "manual") !== (policies.length === 0)).map(({ number }) => number)).toEqual([]);
  expect(rows.filter(({ coverage, reason }) => (coverage === "automated") !== (reason === undefined)).map(({ number }) => number)).toEqual([]);
});

it("is what policies refer to, whatever baseline leaves out", () => {
  const numbers = new Set(rows.map(({ number }) => number));
  const referred = builtinPolicies().flatMap(({ id, references }) => references.filter(({ type }) => type === "cis-docker").map((reference) => [id, reference.id] as const));
  expect(referred.filter(([, number]) => !numbers.has(number))).toEqual([]);
  const judged = builtinPolicies().filter((policy) => includesPolicy(profile, policy)).map(({ id }) => id);
  expect(judged).toEqual([...new Set(referred.map(([id]) => id))]);
  expect(judged).toContain("container-writable-rootfs");
  expect(judged).not.toContain("sysctl-tcp-syncookies");
});

it("automates more of it than docker-bench-security", () => {
  const { automated } = JSON.parse(readFileSync(new URL("../fixtures/benchmark/docker-bench-security.json", import.meta.url), "utf8")) as { automated: string[] };
  expect(automated.filter((number) => !rows.some((row) => row.number === number))).toEqual([]);
  expect(numbersOf("automated").length).toBeGreaterThan(automated.length);
});
