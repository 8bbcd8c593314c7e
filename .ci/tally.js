// Prints "N passed, N failed[, N skipped]" from vitest's JSON report and the exit code of the test command, and fails
// where anything failed or, in CI, was skipped. Runs on the machine's own Node, before and without any package.
// usage: node tally.js REPORT EXIT_CODE
import { readFileSync } from "node:fs";

const [report, exitCode] = process.argv.slice(2);
const files = readReport(report);
const statuses = files.flatMap((file) => file.assertionResults.map((test) => test.status));
const passed = statuses.filter((status) => status === "passed").length;
// A file that cannot be loaded, or whose set-up fails, has no failed test of its own.
const broken = files.filter((file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed")).length;
const counted = statuses.filter((status) => status === "failed").length + broken;
// So has a build, type or lint error, after which no test ran.
const failed = counted === 0 && exitCode !== "0" ? 1 : counted;
const skipped = statuses.length - passed - (counted - broken);

process.exitCode = failed > 0 || passed === 0 || (process.env.CI === "true" && skipped > 0) ? 1 : 0;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);

// No report, or an empty one: vitest did not get to its end.
function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).testResults;
  } catch (error) {
    console.error(`tally: no report of the tests (${error.message})`);
    return [];
  }
}
