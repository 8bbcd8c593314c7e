/** The parser against the real thing: rules are loaded by iptables-restore, printed by iptables-save, and read back. */
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, it } from "vitest";
import { identifyRule, listRules, parseSave, printSave } from "../../src/netfilter/index.ts";
import { describeWith } from "../support/requirements.ts";
import { usedSet } from "./vocabulary/conditions.ts";
import { type GeneratedRule, arbitraryRule, usedChain } from "./vocabulary/rules.ts";
import type { Family } from "./vocabulary/terms.ts";

const rulesPerLoad = 60;

describeWith({ root: true, programs: ["unshare", "iptables-nft-restore", "iptables-legacy-restore", "ipset"] }, "what iptables-save prints of random rules", () => {
  for (const backend of ["nft", "legacy"]) {
    for (const family of [4, 6] as const) {
      it(`is read, understood and printed back: ${backend}, IPv${family}`, { timeout: 120_000 }, () => {
        fc.assert(
          fc.property(fc.array(arbitraryRule(family), { minLength: 1, maxLength: rulesPerLoad, size: "max" }), (rules) => {
            const written = writeFile(rules);
            const dump = loadAndSave(written, backend, family);
            const file = parseSave(dump, family);
            expect(printSave(file)).toBe(dump);
            expect(listRules(file).flatMap(({ matches, target }) => [...matches, target].filter((part) => part?.kind === "opaque"))).toEqual([]);
            const restored = listRules(file).filter(({ chain }) => chain === "GENERATED").map(identifyRule).sort();
            expect(restored).toEqual(listRules(parseSave(written, family)).filter(({ chain }) => chain === "GENERATED").map(identifyRule).sort());
          }),
          { numRuns: 30 },
        );
      });
    }
  }
});

/** The rules as a file for iptables-restore, each in the chain GENERATED of its table, which nothing calls. */
function writeFile(rules: readonly GeneratedRule[]): string {
  const tables = [...new Set(rules.map(({ table }) => table))];
  return tables.map((table) => [`*${table}`, ":GENERATED - [0:0]", `:${usedChain} - [0:0]`, ...wordsOf(rules, table), "COMMIT", ""].join("\n")).join("");
}

function wordsOf(rules: readonly GeneratedRule[], table: string): readonly string[] {
  return rules.filter((rule) => rule.table === table).map(({ words }) => `-A GENERATED ${words}`);
}

/** Loads the rules in a network namespace that ends with the process, and returns the dump. */
function loadAndSave(rules: string, backend: string, family: Family): string {
  const tool = family === 4 ? "iptables" : "ip6tables";
  const script = `ipset create ${usedSet} hash:ip family inet${family === 4 ? "" : "6"} && ${tool}-${backend}-restore && ${tool}-${backend}-save -c`;
  return execFileSync("unshare", ["-n", "sh", "-c", script], { input: rules, encoding: "utf8", stdio: ["pipe", "pipe", "pipe"] });
}
