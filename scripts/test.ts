/**
 * What `npm test` runs once it has built: compiler and linter beside the tests, the first of which wait for engines more than they
 * compute. Fails where any of the three does; what compiler and linter say stands at the end. The linter
 * remembers files that have not changed, though a type elsewhere may have: a fresh clone, as CI has, judges all of them. Arguments are vitest's.
 */
import { fileURLToPath } from "node:url";
import { execa } from "execa";

/** Where Node keeps what it has compiled: each test file is a process, and some start programs that are sources themselves. */
process.env["NODE_COMPILE_CACHE"] = fileURLToPath(new URL("../node_modules/.cache/node", import.meta.url));

const checks = ["typecheck", "lint"].map(async (script) => {
  const { exitCode, all } = await execa("npm", ["run", "--silent", script], { all: true, reject: false, stdin: "ignore" });
  return { script, passed: exitCode === 0, said: all };
});
const tests = await execa("vitest", ["run", ...process.argv.slice(2)], { preferLocal: true, stdio: "inherit", reject: false });
const failed = (await Promise.all(checks)).filter(({ passed }) => !passed);

for (const { script, said } of failed) console.error(`${said}\nnpm run ${script} fails`);
process.exitCode = tests.exitCode !== 0 || failed.length > 0 ? 1 : 0;
