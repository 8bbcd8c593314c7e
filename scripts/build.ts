/** Builds dist/: generated data, the bundle, and V8's code cache of it. Run by `prepare`. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundleProgram } from "./bundle.ts";
import { writeGenerated } from "./generated.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = `${root}dist`;
const { version, homepage } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as { version: string; homepage?: string };

await writeGenerated(root);
const { source, notices } = await bundleProgram(`${root}src/cli/harden.ts`, {
  HARDEN_VERSION: JSON.stringify(version), ...(homepage === undefined ? {} : { HARDEN_HOMEPAGE: JSON.stringify(homepage.replace(/\/$/, "")) }),
});
// Read as Latin-1, which needs no decoding and half the memory.
const wide = /[^\0-\x7F]/.exec(source);
if (wide !== null) throw new Error(`the bundle is not ASCII: ${source.slice(Math.max(0, wide.index - 40), wide.index + 40)}`);
rmSync(dist, { recursive: true, force: true });
mkdirSync(`${dist}/cache`, { recursive: true });
writeFileSync(`${dist}/harden.cjs`, `//${createHash("sha256").update(source).digest("hex").slice(0, 16)}\n${source}`);
writeFileSync(`${dist}/NOTICES.txt`, notices);
fillCache();

/** V8 keeps the functions that were called: one run of what is done most. What they print is of no interest. */
function fillCache(): void {
  const harden = (...args: string[]): unknown => spawnSync(process.execPath, [`${root}bin/harden.js`, ...args], { stdio: "ignore" });
  harden("check", `${root}test/fixtures/typical/compose.yaml`);
  harden("scan", "--snapshot", `${root}test/fixtures/snapshots/demo-host.json`);
}
