#!/bin/sh
":" //; exec node -- "$0" "$@" # To a shell, which runs this line only: without -- Node takes --env-file for its own and obeys the NODE_OPTIONS of that file.
// Written for every Node: one that is too old gets one line, not a syntax error.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`harden needs Node 22.18 or newer; this is Node ${process.versions.node}\n`);
  process.exit(2);
}
// Taken without import, which would load all that each of these modules may ever need: six milliseconds for fs alone.
const { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } = process.getBuiltinModule("node:fs");
const { Script } = process.getBuiltinModule("node:vm");

const dist = `${import.meta.dirname}/../dist`;
const [command, ...rest] = process.argv.slice(2);
if (rest.length === 0 && (command === "--version" || command === "-V")) {
  const { version } = JSON.parse(readFileSync(`${import.meta.dirname}/../package.json`, "utf8"));
  process.stdout.write(`${version}\n`);
} else {
  run(command === "check" ? "check" : "harden");
}

/**
 * Runs the bundle with V8's code cache of an earlier run, which holds the functions that such a command used. Node's own compile cache
 * holds those only that are compiled on loading: most are compiled when they are first called, and that takes longer than all the rest.
 * The cache lies beside the bundle and never in a shared folder, where another user could plant code. The build makes it, for its own Node;
 * a package has none. What another Node refuses, or what is not there, is made anew where the folder can be written.
 */
function run(name) {
  const file = `${dist}/harden.cjs`;
  const source = readFileSync(file, "latin1");
  // V8 compares the length of the source only: the build names it by its content.
  const build = source.slice(2, 18);
  const cache = `${dist}/cache/${name}-${build}-${process.version}-${process.arch}`;
  const cachedData = readIfThere(cache);
  const script = new Script(source, { filename: file, cachedData });
  if (cachedData === undefined || script.cachedDataRejected) process.once("exit", () => { keep(cache, script); });
  script.runInThisContext()(process.getBuiltinModule);
}

function readIfThere(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Whole or not at all, since several may do it at once; where it cannot be written the next run is as slow as this one. */
function keep(file, script) {
  const temporary = `${file}.${process.pid}`;
  try {
    // Nobody else's to write to, whatever the umask.
    mkdirSync(`${dist}/cache`, { recursive: true, mode: 0o755 });
    // First, since making it takes longer than finding out that there is no place for it.
    writeFileSync(temporary, "", { mode: 0o644 });
    // Onto the disk before it has its name: V8 does not find out that a cache holds other bytes than it wrote.
    writeFileSync(temporary, script.createCachedData(), { flush: true });
    renameSync(temporary, file);
  } catch {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // There is no such folder.
    }
  }
}
