/** Builds dist/: generated data, the bundle, and V8's compile cache of it. Run by `prepare`. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { generateSnapshotCheck } from "./generate-check.ts";
import { generate } from "./generate.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as { version: string };

/** dockerode loads these for ssh:// and build sessions, which harden does not use: 100 ms of start-up. */
const UNUSED = /^(ssh2|@grpc\/grpc-js|@grpc\/proto-loader)$/;

generate(root);
await generateSnapshotCheck(root);
rmSync(`${root}dist`, { recursive: true, force: true });
await build({
  entryPoints: [{ in: `${root}src/cli/harden.ts`, out: "harden" }],
  outdir: `${root}dist`,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node22",
  // jsonc-parser's main is UMD, whose inner requires no bundler can follow.
  mainFields: ["module", "main"],
  legalComments: "linked",
  sourcemap: false,
  define: { HARDEN_VERSION: JSON.stringify(version) },
  // CommonJS packages inside the bundle call require for Node's own modules.
  banner: { js: 'import { createRequire as hardenCreateRequire } from "node:module"; const require = hardenCreateRequire(import.meta.url);' },
  plugins: [
    {
      name: "leave-out-unused",
      setup(plugin) {
        plugin.onResolve({ filter: UNUSED }, ({ path }) => ({ path, namespace: "unused" }));
        plugin.onLoad({ filter: /.*/, namespace: "unused" }, () => ({ contents: "module.exports = {};", loader: "js" }));
      },
    },
  ],
  logLevel: "warning",
});
mkdirSync(`${root}dist/cache`, { recursive: true });
// V8 keeps what was compiled until the process ends: one run of each path, then whatever no run has loaded. What they print is of no interest.
const demo = `${root}test/fixtures/snapshots/demo-host.json`;
for (const args of [["scan", "--snapshot", demo], ["scan", "--snapshot", demo, "-o", "json"], ["policy", "list"], ["--help"], ["--version"]]) {
  spawnSync(process.execPath, [`${root}bin/harden.js`, ...args], { stdio: "ignore" });
}
const chunks = readdirSync(`${root}dist`).filter((file) => /-[A-Z0-9]{8}\.js$/.test(file));
const load = chunks.map((file) => `await import(${JSON.stringify(`${root}dist/${file}`)});`).join("");
execFileSync(process.execPath, ["--input-type=module", "-e", `import { enableCompileCache } from "node:module"; enableCompileCache(${JSON.stringify(`${root}dist/cache`)}); ${load}`]);
