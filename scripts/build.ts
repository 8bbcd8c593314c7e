/** Builds dist/: generated data, the bundle, and V8's compile cache of it. Run by `prepare`. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
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
// One run of each path fills the cache; what they print is of no interest.
for (const args of [["--version"], ["--help"], ["policy", "list"], ["scan", "--snapshot", "/dev/null"]]) {
  try {
    execFileSync(process.execPath, [`${root}bin/harden.js`, ...args], { stdio: "ignore" });
  } catch {
    // A run that ends with another code than 0 has loaded its code all the same.
  }
}
