import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.ts";

/** Where CI wants vitest's own JSON report, from which it counts. */
const report = process.env["HARDEN_TEST_REPORT"];

export default defineConfig({
  test: {
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
    globalSetup: ["test/support/provision.ts", "test/support/global-setup.ts"],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/e2e/**"],
          testTimeout: 20_000,
          hookTimeout: 20_000,
          // They compute: one for each core. Vitest's own choice leaves one core out, and on two it would run them one by one.
          maxWorkers: "100%",
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Each file starts engines of its own and mostly waits for them: twice as many at once as there are cores of the machine
        // that CI has, after the fast tests, and with time enough for a busy machine.
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          maxWorkers: 4,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
