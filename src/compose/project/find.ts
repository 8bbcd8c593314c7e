/** The compose files of a folder, found as Compose finds them, except that the folders above are not searched. */
import { dirname, join, resolve } from "node:path/posix";
import type { Variables } from "../interpolate/variables.ts";
import type { ReadFile } from "./files.ts";

const NAMES = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
const OVERRIDES = ["compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"];

/** Absolute paths: those of COMPOSE_FILE, else the first name that is there with the first override; empty if there is none. */
export function findComposeFiles(readFile: ReadFile, folder: string, variables: Variables): readonly string[] {
  const named = variables.get("COMPOSE_FILE");
  if (named !== undefined && named.value !== "") {
    const separator = variables.get("COMPOSE_PATH_SEPARATOR")?.value;
    return named.value.split(separator === undefined || separator === "" ? ":" : separator).map((path) => resolve(folder, path));
  }
  const first = (names: readonly string[]): readonly string[] => {
    const found = names.map((name) => join(folder, name)).find((path) => exists(readFile, path));
    return found === undefined ? [] : [found];
  };
  const main = first(NAMES);
  return main.length === 0 ? [] : [...main, ...first(OVERRIDES)];
}

/** The folder that relative paths start from: that of the first file. */
export function projectFolder(files: readonly string[], fallback: string): string {
  const [first] = files;
  return first === undefined ? fallback : dirname(first);
}

function exists(readFile: ReadFile, path: string): boolean {
  const found = readFile(path);
  return "text" in found || found.fault !== "missing";
}
