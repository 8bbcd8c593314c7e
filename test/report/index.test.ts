import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { FORMATS } from "../../src/report/index.ts";

/** Files of the folder that are no format. */
const HELPERS = ["clean", "index", "open", "options", "severity", "totals", "words"];

test("every file of the folder is a format that -o takes, and the reverse", () => {
  const folder = fileURLToPath(new URL("../../src/report", import.meta.url));
  const files = readdirSync(folder).filter((name) => name.endsWith(".ts")).map((name) => name.slice(0, -".ts".length));
  expect(files.filter((name) => !HELPERS.includes(name)).sort()).toEqual([...FORMATS].sort());
});
