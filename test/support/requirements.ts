import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { describe } from "vitest";

/**
 * A suite that needs root or programs. Where they are missing it is skipped and its name says why; in CI nothing may be
 * skipped, so there the suite runs and fails loudly.
 */
export function describeWith(needs: { root?: boolean; programs?: readonly string[]; files?: readonly string[] }, name: string, body: () => void): void {
  const missing = findMissing(needs);
  if (missing === null || process.env["CI"] === "true") describe(name, body);
  else describe.skip(`${name} (skipped: ${missing})`, body);
}

function findMissing(needs: { root?: boolean; programs?: readonly string[]; files?: readonly string[] }): string | null {
  if (needs.root === true && process.getuid?.() !== 0) return "needs root";
  const program = needs.programs?.find((candidate) => !isOnPath(candidate));
  if (program !== undefined) return `needs the program ${program}`;
  const file = needs.files?.find((candidate) => !isReadable(candidate));
  return file === undefined ? null : `needs ${file}`;
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
