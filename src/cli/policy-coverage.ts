/** The table of `harden policy coverage`. */
import { type CoveredRecommendation, listCoverage } from "../policy/coverage.ts";
import type { Policy } from "../policy/model/policy.ts";
import { COVERAGES, type Profile } from "../policy/model/settings.ts";
import { findProfile } from "../policy/profile.ts";
import { printable, wrapIndented } from "./wrap.ts";

const WIDEST = "automated".length;
const BENCHMARK = "cis-docker";

/** One row a recommendation: number, automated, partly or manual, policies; below it what it is about, and what is missing. */
export function printCoverage(policies: readonly Policy[], profiles: readonly Profile[]): string {
  const rows = coverBenchmark(policies, profiles);
  const width = Math.max(...rows.map(({ number }) => number.length));
  const lines = rows.flatMap((row) => [
    `${row.number.padEnd(width)}  ${row.coverage.padEnd(WIDEST)}  ${wrapIndented(row.policies.join(" ") || "-", " ".repeat(width + WIDEST + 4)).trimStart()}`,
    wrapIndented(row.reason === undefined ? row.title : `${row.title}. ${row.reason}`, " ".repeat(width + 2)),
  ]);
  return printable(`${[...lines, "", sumUp(rows)].join("\n")}\n`);
}

/** The same as JSON: a list of {number, title, coverage, reason, policies}; reason is null for what is automated. */
export function printCoverageJson(policies: readonly Policy[], profiles: readonly Profile[]): string {
  const rows = coverBenchmark(policies, profiles).map(({ number, title, coverage, reason = null, policies: ids }) => ({ number, title, coverage, reason, policies: ids }));
  return `${JSON.stringify(rows, null, 2)}\n`;
}

function coverBenchmark(policies: readonly Policy[], profiles: readonly Profile[]): CoveredRecommendation[] {
  return listCoverage(findProfile({ profiles, profile: BENCHMARK, settings: null }), policies);
}

function sumUp(rows: readonly CoveredRecommendation[]): string {
  const counts = COVERAGES.map((coverage) => `${rows.filter((row) => row.coverage === coverage).length} ${coverage}`);
  return `${rows.length} recommendations: ${counts.join(", ")}`;
}
