/** Random projects in random hands: fixed once, nothing is left to fix, and nothing else has changed, by our reading and by Compose's own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HardenError } from "../../../src/errors.ts";
import { findingKey, isFixable } from "../../../src/remediation/fix/model.ts";
import { arbitraryProject } from "../../support/compose/generate.ts";
import { findCompose, judge, type WrittenProject, writeProject } from "../../support/compose/oracle.ts";
import { arbitraryHand, type Hand, restyle } from "../../support/compose/restyle.ts";
import { openCase, runFix, type FixCase, type FixRun } from "../../support/fix.ts";
import { findForeignChanges } from "../../support/fix-changes.ts";
import { describeWith } from "../../support/requirements.ts";

const COUNT = Number(process.env["HARDEN_FIX_COUNT"] ?? 25);
const SEED = Number(process.env["HARDEN_FIX_SEED"] ?? 5);

function toCase({ files, compose, environment }: WrittenProject, hand: Hand, unsafe: boolean): FixCase {
  const styled = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, path.endsWith(".yaml") ? restyle(text, hand) : text]));
  return { files: styled, paths: compose, environment, unsafe };
}

/** Null for a project that is refused. */
async function fix(given: FixCase): Promise<FixRun | null> {
  try {
    return await runFix(given);
  } catch (error) {
    if (error instanceof HardenError) return null;
    throw error;
  }
}

async function listFixable(given: FixCase): Promise<string[]> {
  const subject = openCase(given);
  return (await subject.read(subject.texts)).results.filter(isFixable).map(findingKey);
}

describe("a random project", () => {
  it(`has nothing left to fix once it is fixed, in ${COUNT} cases`, { timeout: 10_000 + COUNT * 3000 }, async () => {
    let fixed = 0;
    const property = fc.asyncProperty(arbitraryProject, arbitraryHand, fc.boolean(), async (project, hand, unsafe) => {
      const given = toCase(project, hand, unsafe);
      const run = await fix(given);
      if (run === null) return;
      fixed += run.fixed.length;
      const again = { ...given, files: run.files };
      expect([...(await runFix(again)).edits]).toEqual([]);
      const told = new Set([...run.held, ...run.left.map(({ finding }) => finding)].map(findingKey));
      expect((await listFixable(again)).filter((key) => !told.has(key))).toEqual([]);
    });
    await fc.assert(property, { numRuns: COUNT, seed: SEED, endOnFailure: true });
    expect(fixed).toBeGreaterThan(COUNT);
  });
});

describeWith({ files: [findCompose()] }, "Compose itself", () => {
  let root = "";
  let next = 0;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "fix-oracle-"));
  });
  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
  });

  /** What it makes of a project, wherever that lies. */
  async function configure(project: WrittenProject): Promise<unknown> {
    const folder = join(root, String(next++), "app");
    writeProject(folder, project);
    const verdict = await judge(findCompose(), folder, project);
    return "refused" in verdict ? verdict : (JSON.parse(JSON.stringify(verdict.model).replaceAll(folder, "/app")) as unknown);
  }

  it(`sees what was to be fixed and no other change, in ${COUNT} cases`, { timeout: 10_000 + COUNT * 5000 }, async () => {
    let compared = 0;
    const property = fc.asyncProperty(arbitraryProject, arbitraryHand, fc.boolean(), async (project, hand, unsafe) => {
      const given = toCase(project, hand, unsafe);
      const run = await fix(given);
      if (run === null || run.edits.size === 0) return;
      const before = await configure({ ...project, files: given.files });
      // Of variables without a value Compose makes empty texts, which it may refuse.
      if (typeof before === "object" && before !== null && "refused" in before) return;
      compared++;
      expect(findForeignChanges(before, await configure({ ...project, files: run.files }), !unsafe)).toEqual([]);
    });
    await fc.assert(property, { numRuns: COUNT, seed: SEED, endOnFailure: true });
    expect(compared).toBeGreaterThan(COUNT / 4);
  });
});
