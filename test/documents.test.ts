/** One of harden's own documents in the place of another is called by its name. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { DEMO_SNAPSHOT } from "../scripts/examples.ts";
import { readPlan } from "../src/remediation/read-plan.ts";
import { HARDEN } from "./support/harden.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "harden-documents-"));
  copyFileSync(DEMO_SNAPSHOT, join(folder, "snapshot.json"));
  execFileSync(process.execPath, [HARDEN, "scan", "--snapshot", "snapshot.json", "-o", "json=report.json", "--plan", "plan", "--fail-on", "never"], { cwd: folder, stdio: "ignore" });
  copyFileSync(join(folder, "plan/plan.json"), join(folder, "plan.json"));
});
afterAll(() => { rmSync(folder, { recursive: true }); });

const TAKERS = { snapshot: ["scan", "--snapshot"], report: ["report"] } as const;

function run(args: readonly string[]): string {
  try {
    return execFileSync(process.execPath, [HARDEN, ...args], { cwd: folder, encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] });
  } catch (error) {
    return error instanceof Error && "stderr" in error ? String(error.stderr) : expect.fail();
  }
}

it.each([
  ["snapshot", "report", "harden report report.json takes it"], ["snapshot", "plan", "harden apply plan.json takes it"],
  ["report", "snapshot", "harden scan --snapshot snapshot.json takes it"], ["report", "plan", "harden apply plan.json takes it"],
] as const)("for a %s a %s is given", (wanted, given, hint) => {
  expect(run([...TAKERS[wanted], `${given}.json`])).toBe(`harden: ${given}.json: is a ${given} of harden and no ${wanted}\n  ${hint}\n`);
});

it("for a plan a report is given", async () => {
  await expect(readPlan(JSON.stringify({ schemaVersion: "1", generatedAt: "", results: [] }), "report.json")).rejects.toMatchObject({ message: "is a report of harden and no plan", hint: "harden report report.json takes it" });
});
