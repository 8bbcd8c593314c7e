#!/usr/bin/env node
// Written for every Node: one that is too old gets one line, not a syntax error.
import module from "node:module";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`harden needs Node 22.18 or newer; this is Node ${process.versions.node}\n`);
  process.exit(2);
}
// Beside the bundle and made by the build: never in a shared folder, where another user could plant code.
module.enableCompileCache(new URL("../dist/cache", import.meta.url).pathname);
await import("../dist/harden.js");
