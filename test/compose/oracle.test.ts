/**
 * Random projects, read by harden and by the real Compose: what the one refuses the other does, and else both make the same of them, down
 * to every verdict of every policy.
 */
import { expect, it } from "vitest";
import { findCompose } from "../support/compose/oracle.ts";
import { compareRandomProjects } from "../support/compose/run.ts";
import { describeWith } from "../support/requirements.ts";

const COUNT = Number(process.env["HARDEN_ORACLE_COUNT"] ?? 200);
/** The same projects every time, so that a change is judged by itself; `npm run oracle:compose` looks for new ones. */
const SEED = Number(process.env["HARDEN_ORACLE_SEED"] ?? 5);

describeWith({ files: [findCompose()] }, "Compose itself", () => {
  it(`agrees on ${COUNT} random projects`, { timeout: 10_000 + COUNT * 2000 }, async () => {
    const { differences, refusedByBoth } = await compareRandomProjects(COUNT, SEED);
    expect(differences).toEqual([]);
    // Projects that are refused say little of those that are not.
    expect(refusedByBoth).toBeLessThan(COUNT * 0.6);
  });
});
