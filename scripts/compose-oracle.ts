/** `npm run oracle:compose -- --count N [--seed N] [--show]`: random projects, read by harden and by Compose; tells every difference. */
import { parseArgs } from "node:util";
import { compareRandomProjects } from "../test/support/compose/run.ts";

const { values } = parseArgs({ options: { count: { type: "string", default: "1000" }, seed: { type: "string" }, show: { type: "boolean", default: false } } });
const count = Number(values.count);
const seed = Number(values.seed ?? Date.now() % 1_000_000_000);

const { differences, refusedByBoth } = await compareRandomProjects(count, seed, ({ index, project, found }) => {
  console.log(`project ${index}: ${found.slice(0, 6).join("\n  ")}`);
  if (values.show) for (const [file, text] of Object.entries(project.files)) console.log(`--- ${file}\n${text}`);
});
console.log(`${count} projects, seed ${seed}: ${refusedByBoth} refused by both, ${differences.length} different`);
process.exitCode = differences.length === 0 ? 0 : 1;
