/** Builds dist/: generated data, the bundle, and V8's code cache of it. Run by `prepare`. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { generateSnapshotCheck } from "./generate-check.ts";
import { generate } from "./generate.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as { version: string };

/** dockerode loads these for ssh:// and build sessions, commander one for commands that are programs of their own: harden has neither. */
const UNUSED = /^(ssh2|@grpc\/grpc-js|@grpc\/proto-loader|supports-color)$/;
const UNUSED_BY_COMMANDER = /^node:child_process$/;

const leaveOutUnused: Plugin = {
  name: "leave-out-unused",
  setup(plugin) {
    plugin.onResolve({ filter: UNUSED }, ({ path }) => ({ path, namespace: "unused" }));
    plugin.onResolve({ filter: UNUSED_BY_COMMANDER }, ({ path, importer }) => (importer.includes("/commander/") ? { path, namespace: "unused" } : null));
    plugin.onLoad({ filter: /.*/, namespace: "unused" }, () => ({ contents: "module.exports = {};", loader: "js" }));
  },
};

generate(root);
await generateSnapshotCheck(root);
rmSync(`${root}dist`, { recursive: true, force: true });
mkdirSync(`${root}dist/cache`, { recursive: true });
const source = await bundle();
writeFileSync(`${root}dist/harden.cjs`, `//${createHash("sha256").update(source).digest("hex").slice(0, 16)}\n${source}`);
fillCache();

/** One file that is a function of `require`: reading many, each with its place to be found, takes longer than compiling them. */
async function bundle(): Promise<string> {
  const { outputFiles, metafile } = await build({
    entryPoints: [`${root}src/cli/harden.ts`],
    outdir: `${root}dist`,
    outExtension: { ".js": ".cjs" },
    write: false,
    metafile: true,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node22",
    // Run as a script, the bundle has no loader of its own for import(); for what Node brings require does the same.
    supported: { "dynamic-import": false },
    // Names are kept: they stand in the stack of an error that nobody foresaw.
    minifyWhitespace: true,
    minifySyntax: true,
    // jsonc-parser's main is UMD, whose inner requires no bundler can follow.
    mainFields: ["module", "main"],
    legalComments: "linked",
    define: { HARDEN_VERSION: JSON.stringify(version) },
    banner: { js: "(function(require){" },
    footer: { js: "})" },
    plugins: [leaveOutUnused],
    logLevel: "warning",
  });
  const foreign = Object.values(metafile.outputs).flatMap(({ imports }) => imports).filter(({ path }) => !isBuiltin(path));
  if (foreign.length > 0) throw new Error(`the bundle would load ${foreign.map(({ path }) => path).join(", ")} from elsewhere`);
  for (const { path, contents } of outputFiles) if (path.endsWith(".txt")) writeFileSync(path, contents);
  const text = outputFiles.find(({ path }) => path.endsWith(".cjs"))?.text ?? "";
  // Read as Latin-1, which needs no decoding and half the memory.
  const wide = /[^\0-\x7F]/.exec(text);
  if (wide !== null) throw new Error(`the bundle is not ASCII: ${text.slice(Math.max(0, wide.index - 40), wide.index + 40)}`);
  return text;
}

/** V8 keeps the functions that were called: one run of what is done most. What they print is of no interest. */
function fillCache(): void {
  const harden = (...args: string[]): unknown => spawnSync(process.execPath, [`${root}bin/harden.js`, ...args], { stdio: "ignore" });
  harden("check", `${root}test/fixtures/typical/compose.yaml`);
  harden("scan", "--snapshot", `${root}test/fixtures/snapshots/demo-host.json`);
}
