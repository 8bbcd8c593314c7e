import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { FORMATS, renderReport, showsFingerprints } from "../../src/report/index.ts";
import { mixedReport } from "../support/report.ts";

/** Files of the folder that are no format. */
const HELPERS = ["changes", "clean", "index", "judged", "open", "options", "references", "severity", "told", "totals", "words"];

test("every file of the folder is a format that -o takes, and the reverse", () => {
  const folder = fileURLToPath(new URL("../../src/report", import.meta.url));
  const files = readdirSync(folder).filter((name) => name.endsWith(".ts")).map((name) => name.slice(0, -".ts".length));
  expect(files.filter((name) => !HELPERS.includes(name)).sort()).toEqual([...FORMATS].sort());
});

test.each(FORMATS)("%s shows fingerprints if it says so, and asks for none otherwise", async (format) => {
  const report = mixedReport();
  const nameless = { ...report, results: report.results.map((result) => ({ ...result, fingerprint: "" })) };
  const options = { color: false, width: 80, file: null, policies: [] };
  expect((await renderReport(format, report, options)) === (await renderReport(format, nameless, options))).toBe(!showsFingerprints(format));
});
