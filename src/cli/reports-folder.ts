/** `--reports DIR`: a folder in which the reports of one host, or of several, are kept from audit to audit. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { HardenError } from "../errors.ts";
import { makeFolder } from "../folder.ts";
import type { BaselineResult } from "../policy/baseline.ts";
import type { Report } from "../policy/model/report.ts";
import { readBaseline } from "./baseline.ts";
import { writeOutput } from "./outputs.ts";
import { describeSystemError, hintAccess } from "./read-text.ts";

/** The newest earlier report on the host as a baseline; null where there is none yet. Throws HardenError if it cannot be read. */
export async function readLatest(folder: string, { target, generatedAt }: Report): Promise<readonly BaselineResult[] | null> {
  const earlier = listKept(folder, target.name).filter((file) => file < nameOf(target.name, generatedAt)).at(-1);
  return readBaseline(earlier === undefined ? undefined : join(folder, earlier), target);
}

/** Writes the report into the folder as JSON, for its owner alone, and takes all but the newest `count` on its host out of it: nothing else that lies there. Throws HardenError if that cannot be done. */
export function keepReport(folder: string, { target, generatedAt }: Report, json: string, count: number): void {
  attempt(folder, () => { makeFolder(folder, 0o700); });
  // A folder that was there already may be open to others, and the audit of a host is not for them.
  writeOutput(join(folder, nameOf(target.name, generatedAt)), json, 0o600);
  for (const file of listKept(folder, target.name).slice(0, -count)) attempt(folder, () => { rmSync(join(folder, file)); });
}

/** `web-1_2026-01-02T03-04-05.000Z.json`: by name they are in the order of their time. */
function nameOf(host: string, generatedAt: string): string {
  return `${encodeURIComponent(host)}_${generatedAt.replaceAll(":", "-")}.json`;
}

function listKept(folder: string, host: string): string[] {
  const start = `${encodeURIComponent(host)}_`;
  if (!existsSync(folder)) return [];
  const files = attempt(folder, () => readdirSync(folder));
  return files.filter((file) => file.startsWith(start) && /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(?:\.\d+)?Z\.json$/.test(file.slice(start.length))).sort();
}

function attempt<T>(folder: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    throw new HardenError(`the folder of reports cannot be used: ${describeSystemError(cause)}`, { position: { file: folder }, cause, ...hintAccess(cause) });
  }
}
