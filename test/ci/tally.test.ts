import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, expect, test } from "vitest";

const TALLY = fileURLToPath(new URL("../../.ci/tally.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "harden-tally-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A file's status and those of its tests. */
type File = [status: "passed" | "failed", ...tests: string[]];

const CASES: { what: string; files: File[] | null; exitCode: number; ci?: boolean; line: string; fails: boolean }[] = [
  { what: "all pass", files: [["passed", "passed", "passed"], ["passed", "passed"]], exitCode: 0, line: "3 passed, 0 failed", fails: false },
  { what: "one fails", files: [["failed", "passed", "failed"]], exitCode: 1, line: "1 passed, 1 failed", fails: true },
  { what: "skipped on a developer's machine", files: [["passed", "passed", "skipped", "todo"]], exitCode: 0, line: "1 passed, 0 failed, 2 skipped", fails: false },
  { what: "skipped in CI", files: [["passed", "passed", "skipped"]], exitCode: 0, ci: true, line: "1 passed, 0 failed, 1 skipped", fails: true },
  { what: "a set-up fails", files: [["failed", "skipped"], ["passed", "passed"]], exitCode: 1, line: "1 passed, 1 failed, 1 skipped", fails: true },
  { what: "a file does not load", files: [["failed"], ["passed", "passed"]], exitCode: 1, line: "1 passed, 1 failed", fails: true },
  { what: "an error outside of every test", files: [["passed", "passed"]], exitCode: 1, line: "1 passed, 1 failed", fails: true },
  { what: "no report, as after a build error", files: null, exitCode: 2, line: "0 passed, 1 failed", fails: true },
  { what: "nothing ran", files: [], exitCode: 0, line: "0 passed, 0 failed", fails: true },
];

test.each(CASES)("counts: $what", async ({ files, exitCode, ci, line, fails }) => {
  const report = join(folder, "report.json");
  const testResults = files?.map(([status, ...tests]) => ({ status, assertionResults: tests.map((each) => ({ status: each })) }));
  writeFileSync(report, testResults === undefined ? "" : JSON.stringify({ testResults }));
  const result = await execa(process.execPath, [TALLY, report, String(exitCode)], { reject: false, env: { CI: ci === true ? "true" : "" } });
  expect(result.stdout).toBe(line);
  expect(result.exitCode).toBe(fails ? 1 : 0);
});
