/**
 * `npm run docs`: writes docs/, a page for each policy with an index, what of the CIS benchmark they cover, and the versions of schemas, and the manual
 * man/harden.1. All of it follows from policies/, the models and the commands; tests compare.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { deriveFacts } from "../src/facts/derive.ts";
import { KINDS } from "../src/facts/resource.ts";
import { builtinPolicies, builtinProfiles } from "../src/policy/builtin.ts";
import { type CoveredRecommendation, listCoverage } from "../src/policy/coverage.ts";
import { COVERAGES } from "../src/policy/model/settings.ts";
import { findProfile } from "../src/policy/profile.ts";
import type { Snapshot } from "../src/snapshot/model.ts";
import { listWays } from "./docs/find-by-hand.ts";
import { renderManual } from "./docs/manual.ts";
import { escape, printPage } from "./docs/page.ts";
import { printSchemas } from "./docs/schemas-page.ts";
import { DEMO_SNAPSHOT } from "./examples.ts";

export const MANUAL = fileURLToPath(new URL("../man/harden.1", import.meta.url));
const DOCS = fileURLToPath(new URL("../docs", import.meta.url));

/** Path below docs/ → text. */
export function renderDocs(): Map<string, string> {
  const policies = builtinPolicies();
  const profiles = builtinProfiles();
  const facts = deriveFacts(JSON.parse(readFileSync(DEMO_SNAPSHOT, "utf8")) as Snapshot, KINDS);
  const rows = listCoverage(findProfile({ profiles, profile: "cis-docker", settings: null }), policies);
  return new Map([
    ["cis-docker.md", printCoverage(rows)],
    ["schemas.md", printSchemas()],
    ["policies/README.md", printIndex(rows)],
    ...policies.map((policy): [string, string] => [`policies/${policy.id}.md`, printPage(policy, profiles, listWays(policy, facts[policy.target]))]),
  ]);
}

function printIndex(rows: readonly CoveredRecommendation[]): string {
  const policies = builtinPolicies();
  const kinds = KINDS.flatMap((kind) => {
    const own = policies.filter(({ target }) => target === kind);
    return [`## ${kind}`, ["| policy | severity | what is wrong |", "|---|---|---|", ...own.map(({ id, severity, title }) => `| [${id}](${id}.md) | ${severity} | ${escape(title)} |`)].join("\n")];
  });
  const numbers = rows.filter(({ policies: ids }) => ids.length > 0).map(({ number, policies: ids }) => `| ${number} | ${linkPolicies(ids, "")} |`);
  return `${["# Policies", `${policies.length} policies by what they judge, then by the number of the [CIS Docker Benchmark](../cis-docker.md).`, ...kinds,
    "## By CIS number", ["| number | policies |", "|---|---|", ...numbers].join("\n")].join("\n\n")}\n`;
}

function printCoverage(rows: readonly CoveredRecommendation[]): string {
  const counts = COVERAGES.map((coverage) => `${rows.filter((row) => row.coverage === coverage).length} ${coverage}`).join(", ");
  const lines = rows.map(({ number, title, coverage, reason, policies }) =>
    `| ${number} | ${escape(title)}${reason === undefined ? "" : `. ${escape(reason)}`} | ${coverage} | ${linkPolicies(policies, "policies/")} |`);
  return `${["# CIS Docker Benchmark 1.6", `${rows.length} recommendations, titled in words of our own: ${counts}. \`harden policy coverage\` prints the same, \`harden scan --profile cis-docker\` judges by them.`,
    ["| number | what it asks for | coverage | policies |", "|---|---|---|---|", ...lines].join("\n"), ...LATER_VERSIONS].join("\n\n")}\n`;
}

/**
 * By transcriptions that others have published: of 1.6, 1.7 and 1.8 in github.com/anupyadav27/lab (raw_cis_compliance_database/misc/docker), of 1.8 also
 * as an InSpec profile, github.com/risk-sentinel/cis-docker-baseline. They agree on the numbers.
 */
const LATER_VERSIONS = [
  "## Versions 1.7 and 1.8",
  [
    "- **1.7** has the same 117 recommendations under the same numbers. In 1.1.9 it names docker.sock where 1.6 names docker.socket; harden asks for both files. 1.1.4 is marked as manual, and 1.1.15, 1.1.17 and 1.1.18 as automated.",
    "- **1.8** (July 2025) has 118. The new one is 2.7: the storage driver is not devicemapper. [daemon-storage-driver](policies/daemon-storage-driver.md) judges it: automated. What is 2.7 to 2.18 here is 2.8 to 2.19 there; all other numbers stay.",
    "- **Not known**: the documents themselves are handed out by CIS to those who register, and were not at hand. Numbers and titles were compared in transcriptions that others have published, which agree; wording, audit steps and levels of 1.8 were not.",
  ].join("\n"),
];

function linkPolicies(ids: readonly string[], folder: string): string {
  return ids.map((id) => `[${id}](${folder}${id}.md)`).join(", ");
}

if (import.meta.main) {
  rmSync(join(DOCS, "policies"), { recursive: true, force: true });
  for (const [path, text] of renderDocs()) {
    mkdirSync(dirname(join(DOCS, path)), { recursive: true });
    writeFileSync(join(DOCS, path), text);
  }
  mkdirSync(dirname(MANUAL), { recursive: true });
  writeFileSync(MANUAL, await renderManual());
}
