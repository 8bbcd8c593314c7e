/** `npm run oracle:compose -- --count N [--seed N]`: random projects, read by harden and by Compose; tells every difference. */
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import fc from "fast-check";
import { compareOne } from "../test/support/compose/compare.ts";
import { arbitraryProject } from "../test/support/compose/generate.ts";
import { findCompose } from "../test/support/compose/oracle.ts";

const { values } = parseArgs({ options: { count: { type: "string", default: "1000" }, seed: { type: "string" }, show: { type: "boolean", default: false } } });
const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
const projects = fc.sample(arbitraryProject, { numRuns: Number(values.count), seed });
const program = findCompose();
const root = mkdtempSync(join(tmpdir(), "compose-oracle-"));
let next = 0;
let refused = 0;
let wrong = 0;

async function work(): Promise<void> {
  for (let index = next++; index < projects.length; index = next++) {
    const project = projects[index];
    if (project === undefined) return;
    const folder = join(root, String(index));
    const { differences, refusedByBoth } = await compareOne(program, folder, project);
    rmSync(folder, { recursive: true, force: true });
    if (refusedByBoth) refused++;
    if (differences.length === 0) continue;
    wrong++;
    console.log(`project ${index}: ${differences.slice(0, 6).join("\n  ")}`);
    if (values.show) for (const [file, text] of Object.entries(project.files)) console.log(`--- ${file}\n${text}`);
  }
}

await Promise.all(Array.from({ length: Math.max(1, cpus().length) }, work));
rmSync(root, { recursive: true, force: true });
console.log(`${projects.length} projects, seed ${seed}: ${refused} refused by both, ${wrong} different`);
process.exitCode = wrong === 0 ? 0 : 1;
