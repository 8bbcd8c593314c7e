#!/bin/sh
":" //; exec node -- "$0" "$@" # As bin/harden.js: else Node takes --env-file for its own.
// `harden check` for pre-commit, which names the files of a commit: a file that Compose finds by itself, its override
// too, stands for the project of its folder. Words before the names are flags of `harden check`.
import { basename, dirname } from "node:path";

const FOUND_BY_COMPOSE = /^(docker-)?compose(\.override)?\.ya?ml$/;

const [node, script, ...words] = process.argv;
const folders = new Set();
const targets = words.flatMap((word) => {
  if (!FOUND_BY_COMPOSE.test(basename(word))) return [word];
  const folder = dirname(word);
  if (folders.has(folder)) return [];
  folders.add(folder);
  return [folder];
});
process.argv = [node, script, "check", ...targets];
await import("../../bin/harden.js");
