/** The program as one file. */
import { isBuiltin } from "node:module";
import { basename } from "node:path";
import { build, type OutputFile, type Plugin, transform } from "esbuild";
import { listBundledPackages, writeNotices } from "./notices.ts";

export interface Bundle {
  /** Source of a function whose argument gives Node's own modules by name. */
  readonly source: string;
  /** The folders below node_modules of which something is in it, sorted. */
  readonly packages: readonly string[];
  /** Their licences. */
  readonly notices: string;
}

/**
 * Bundles `entry`. esbuild parts the sources into chunks by what needs them; they become functions of one file, each called when it is first
 * needed. Many files, each with its place to be found, would take longer to load than all the rest; and in one scope V8 would have to set up
 * every function of every command before it can call one. Throws if the bundle would need anything that is not Node's own.
 */
export async function bundleProgram(entry: string, define: Readonly<Record<string, string>>): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    outdir: "bundle",
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node22",
    // jsonc-parser's main is UMD, whose inner requires no bundler can follow.
    mainFields: ["module", "main"],
    legalComments: "external",
    define,
    plugins: [leaveOutUnused],
    logLevel: "warning",
  });
  const foreign = Object.values(metafile.outputs).flatMap(({ imports }) => imports).filter(({ path, external }) => external === true && !isBuiltin(path));
  if (foreign.length > 0) throw new Error(`the bundle would load ${foreign.map(({ path }) => path).join(", ")} from elsewhere`);
  const chunks = outputFiles.filter(({ path }) => path.endsWith(".js"));
  const comments = outputFiles.filter(({ path }) => path.endsWith(".txt")).map(({ text }) => text).sort();
  const packages = listBundledPackages(metafile);
  return { source: await linkChunks(chunks, basename(entry).replace(/\.ts$/, ".js")), packages, notices: writeNotices(packages, comments) };
}

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

/** No chunk needs one that needs it: no two of our files do, and the files of a circle elsewhere are always in one chunk. */
async function linkChunks(chunks: readonly OutputFile[], entry: string): Promise<string> {
  const parts = await Promise.all(chunks.map(async ({ path, text }) => {
    const { code } = await transform(text, {
      format: "cjs",
      platform: "node",
      target: "node22",
      supported: { "dynamic-import": false },
      // Names are kept: they stand in the stack of an error that nobody foresaw.
      minifyWhitespace: true,
      minifySyntax: true,
    });
    return `${JSON.stringify(`./${basename(path)}`)}(module,exports,require){${code}}`;
  }));
  return `(function(builtin){
const loaded={};
function load(name){
if(name in loaded)return loaded[name].exports;
if(!(name in chunks))return builtin(name);
const module=loaded[name]={exports:{}};
chunks[name](module,module.exports,load);
return module.exports;
}
const chunks={
${parts.join(",\n")}
};
load(${JSON.stringify(`./${entry}`)});
})`;
}
