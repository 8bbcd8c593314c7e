import { readFileSync, readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RulesetError, findDockerUser, findOwners, findUnsaved, identifyRule, isEmptyRuleset, listRules, parseSave, printRule, printSave } from "../../src/netfilter/index.ts";
import { arbitraryRule } from "./vocabulary/rules.ts";

const recorded = new URL("../fixtures/rulesets/recorded/", import.meta.url);
const dumps = readdirSync(recorded).sort().map((name) => readFileSync(new URL(name, recorded), "utf8"));

/** Dumps of random rules in random chains, in several tables, with counters, comments and any line ends. */
const anyDump = fc.constantFrom(4 as const, 6 as const).chain((family) =>
  fc
    .tuple(
      fc.uniqueArray(fc.constantFrom("filter", "nat", "mangle", "raw"), { minLength: 1 }),
      fc.array(fc.tuple(arbitraryRule(family), fc.constantFrom("INPUT", "USED"), fc.constantFrom("", "[3:180] ", "[0:0] ")), { maxLength: 8 }),
      fc.constantFrom("\n", "\r\n"),
      fc.constantFrom("", "\n", "\n# end", "\n\n"),
    )
    .map(([tables, rules, end, last]) => {
      const lines = rules.map(([{ words }, chain, counters]) => `${counters}-A ${chain} ${words}`);
      const sections = tables.flatMap((table) => ["# a comment", `*${table}`, ":INPUT ACCEPT [0:0]", ":USED - [0:0]", ...lines, "", "COMMIT"]);
      return { family, rules: rules.length * tables.length, text: sections.join(end) + last };
    }),
);

describe("any dump", () => {
  it("is printed back byte for byte, with no rule lost and every word owned by one part", () => {
    fc.assert(
      fc.property(anyDump, ({ family, rules, text }) => {
        const file = parseSave(text, family);
        expect(printSave(file)).toBe(text);
        expect(listRules(file)).toHaveLength(rules);
        for (const rule of listRules(file)) {
          const owned = [...rule.matches, ...(rule.target === null ? [] : [rule.target])].flatMap(({ tokens }) => tokens).toSorted((a, b) => a - b);
          const first = rule.counters === null ? 2 : 3;
          expect(owned).toEqual(Array.from({ length: rule.tokens.length - first }, (_, index) => index + first));
          expect(rule.tokens.map(({ before }) => before).join("").trim()).toBe("");
        }
      }),
    );
  });

  it("reads the same from one rule printed alone", () => {
    fc.assert(
      fc.property(fc.constantFrom(...dumps), fc.nat(), (dump, pick) => {
        const file = parseSave(dump, 4);
        const rules = listRules(file);
        const rule = rules[pick % Math.max(1, rules.length)];
        if (rule === undefined) return;
        const chains = file.tables.find(({ name }) => name === rule.table)?.chains.map(({ name }) => `:${name} - [0:0]`) ?? [];
        const [again] = listRules(parseSave([`*${rule.table}`, ...chains, printRule(rule), "COMMIT"].join("\n"), 4));
        expect(again === undefined ? null : identifyRule(again)).toBe(identifyRule(rule));
      }),
    );
  });
});

describe("any text", () => {
  it("is a rule set, printed back and answering every question, or is refused with a line that it has", () => {
    fc.assert(fc.property(anyText, checkText), { numRuns: 2000 });
  });
});

/** Words of dumps in any order, real dumps with a piece cut out or put in, and noise. */
const fragments = fc.constantFrom(
  "*filter", "*nat", "COMMIT", ":INPUT ACCEPT [0:0]", ":DOCKER-USER - [0:0]", "-A INPUT", "-A FORWARD", "-A DOCKER-USER", "-I INPUT 1", " -j DOCKER-USER", " -j DROP", " -g INPUT", " -m tcp",
  " -p tcp", " --dport 22", " ! ", " --syn", ' "', "\\", "\n", "\n", "\r\n", " ", "\t", "#", "-", "--", "[1:2] ", " -m comment --comment ", "=", " -s 10.0.0.0/8", "\u0000", "é", " -m __proto__", " --constructor",
);
const mutated = fc.tuple(fc.constantFrom(...dumps), fc.nat(), fc.nat({ max: 40 }), fragments).map(([dump, at, length, piece]) => {
  const start = at % (dump.length + 1);
  return dump.slice(0, start) + piece + dump.slice(start + length);
});
const anyText = fc.oneof(fc.array(fragments, { maxLength: 30 }).map((parts) => parts.join("")), mutated, fc.string(), fc.string({ unit: "binary" }));

function checkText(text: string): void {
  try {
    const file = parseSave(text, 4);
    expect(printSave(file)).toBe(text);
    for (const rule of listRules(file)) identifyRule(rule);
    findDockerUser(file);
    expect(findOwners(file).size).toBe(listRules(file).length);
    expect(findUnsaved(file, [file])).toEqual({ rules: [], policies: [] });
    isEmptyRuleset(file);
  } catch (error) {
    if (!(error instanceof RulesetError)) throw error;
    expect(error.line).toBeGreaterThanOrEqual(1);
    expect(error.line).toBeLessThanOrEqual(text.split("\n").length);
  }
}
