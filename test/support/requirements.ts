import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { describe } from "vitest";
import { type EngineVersion, findMissingOfEngine } from "./engine-version.ts";

/** What a suite cannot run without. An engine brings its own needs with it: root, the client, iptables … */
export interface Needs {
  readonly root?: boolean;
  readonly programs?: readonly string[];
  readonly files?: readonly string[];
  readonly engine?: EngineVersion;
}

/**
 * A suite that needs root, programs, files or an engine. Where they are missing it is skipped and its name says why; in CI nothing may be
 * skipped, so there the suite runs and fails loudly.
 */
export function describeWith(needs: Needs, name: string, body: () => void): void {
  const missing = findMissing(needs);
  if (missing === null || process.env["CI"] === "true") describe(name, body);
  else describe.skip(`${name} (skipped: ${missing})`, body);
}

function findMissing(needs: Needs): string | null {
  if (needs.root === true && process.getuid?.() !== 0) return "needs root";
  const program = needs.programs?.find((candidate) => !isOnPath(candidate));
  if (program !== undefined) return `needs the program ${program}`;
  const file = needs.files?.find((candidate) => !isReadable(candidate));
  if (file !== undefined) return `needs ${file}`;
  return needs.engine === undefined ? null : findMissingOfEngine(needs.engine);
}

function isOnPath(program: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => isReadable(join(folder, program)));
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
