/** Compiles policies/ into src/generated/: what the bundle carries of it. Validates nothing; the tests do. */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";

/** Writes src/generated/policies.ts and profiles.json below `root`, each sorted by name, and only if it changed. */
export function generate(root: string): void {
  const files = readdirSync(join(root, "policies"), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".yaml"));
  const isProfile = (file: string): boolean => file.startsWith("profiles");
  const read = (file: string): unknown => readYaml(join(root, "policies", file));
  writeText(join(root, "src/generated/policies.ts"), printPolicies(sortBy("id", files.filter((file) => !isProfile(file)).map(read))));
  writeJson(join(root, "src/generated/profiles.json"), sortBy("name", files.filter(isProfile).map(read)));
}

/** Each kind is a function: what a check of compose files does not judge is not even compiled. */
function printPolicies(policies: readonly unknown[]): string {
  const byKind = new Map<string, unknown[]>();
  for (const policy of policies) {
    const { target } = policy as { target: string };
    byKind.set(target, [...(byKind.get(target) ?? []), policy]);
  }
  const functions = [...byKind].map(([kind, list]) => `  ${kind}: () => ${JSON.stringify(list)},\n`);
  return `export const policies: Readonly<Record<string, () => unknown>> = {\n${functions.sort().join("")}};\n`;
}

export function writeJson(path: string, value: unknown): void {
  writeText(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** Writes a text if the file does not hold it already, whole or not at all: several test runs may do it at once. */
export function writeText(path: string, text: string): void {
  if (readIfThere(path) === text) return;
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}

function readYaml(path: string): unknown {
  try {
    return parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`${path}: not valid YAML`, { cause: error });
  }
}

function sortBy(key: string, values: readonly unknown[]): unknown[] {
  const nameOf = (value: unknown): string => String((value as Record<string, unknown>)[key]);
  return [...values].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
