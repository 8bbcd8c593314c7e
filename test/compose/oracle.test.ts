/** Random projects, read by harden and by the real Compose: what the one refuses the other does, and else both make the same of them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { compareOne } from "../support/compose/compare.ts";
import { arbitraryProject } from "../support/compose/generate.ts";
import { findCompose } from "../support/compose/oracle.ts";
import { describeWith } from "../support/requirements.ts";

const COUNT = Number(process.env["HARDEN_ORACLE_COUNT"] ?? 100);
/** The same projects every time, so that a change is judged by itself; `npm run oracle:compose` looks for new ones. */
const SEED = Number(process.env["HARDEN_ORACLE_SEED"] ?? 5);

describeWith({ files: [findCompose()] }, "Compose itself", () => {
  let root = "";
  let next = 0;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "compose-oracle-"));
  });
  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it(`agrees on ${COUNT} random projects`, { timeout: 10_000 + COUNT * 2000 }, async () => {
    const property = fc.asyncProperty(arbitraryProject, async (project) => {
      const { differences } = await compareOne(findCompose(), join(root, String(next++)), project);
      expect(differences).toEqual([]);
    });
    await fc.assert(property, { numRuns: COUNT, endOnFailure: true, seed: SEED });
  });
});
