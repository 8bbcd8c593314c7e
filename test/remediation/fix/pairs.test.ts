/** Files before and after, one shape or policy each. */
import { describe, expect, it } from "vitest";
import { builtinPolicies } from "../../../src/policy/builtin.ts";
import { runFix } from "../../support/fix.ts";
import { listPairs, runPair } from "../../support/fix-cases.ts";

const pairs = listPairs();

describe("fixing", () => {
  it.each(pairs)("$name", async (pair) => {
    const { after, said } = await runPair(pair);
    expect({ after, said }).toEqual({ after: pair.after, said: pair.said });
  });

  it.each(pairs)("$name again changes nothing", async ({ given, after }) => {
    const again = await runFix({ ...given, files: { ...given.files, ...after } });
    expect([...again.edits]).toEqual([]);
  });
});

describe("the pairs", () => {
  it("each change something, or say why not", () => {
    expect(pairs.filter(({ after, given, said }) => !Object.entries(after).some(([path, text]) => given.files[path] !== text) && !said.includes("not fixed")).map(({ name }) => name)).toEqual([]);
  });

  it("show the fix of every policy that changes a service", async () => {
    const shown = new Set<string>();
    for (const pair of pairs) for (const { finding } of (await runPair(pair)).run.fixed) shown.add(finding.policy);
    const fixable = builtinPolicies().filter(({ remediation }) => "fix" in remediation);
    expect(fixable.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
  });
});
