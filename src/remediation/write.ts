/** Files of a plan into a folder. */
import { type Stats, lstatSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { HardenError } from "../errors.ts";
import { makeFolder } from "../folder.ts";
import { replaceFile } from "../replace-file.ts";
import { isPatchName } from "./compose-patches/name.ts";
import { PLAN_FILES, type PlanFile, type PlanFileName } from "./render.ts";

/**
 * Makes the folder (0700) or takes one that is there, and replaces its plan files one by one, each at once; those of an earlier plan that
 * this one has not are removed. Whatever else lies there stays, but a plan file's name on a link or a folder is refused: what root
 * will run must not be led elsewhere. Throws HardenError.
 */
export function writePlan(folder: string, files: Partial<Record<PlanFileName, PlanFile>>): void {
  attempt(folder, () => { makeFolder(folder, 0o700); });
  refuseShared(folder);
  const present = attempt(folder, () => readdirSync(folder)).filter(isPatchName);
  const names = [...PLAN_FILES, ...new Set([...present, ...Object.keys(files).filter(isPatchName)])];
  for (const name of names) refuseForeign(join(folder, name));
  for (const name of names) {
    const path = join(folder, name);
    const file = files[name];
    attempt(path, () => {
      if (file === undefined) rmSync(path, { force: true });
      else writeAnew(path, file);
    });
  }
}

function writeAnew(path: string, { text, mode }: PlanFile): void {
  const fresh = `${path}.new`;
  rmSync(fresh, { force: true });
  replaceFile(path, fresh, text, { mode, owner: null });
}

/** Anyone could put another script in the place of ours before root runs it. */
function refuseShared(folder: string): void {
  const { mode } = attempt(folder, () => statSync(folder));
  if ((mode & 0o002) !== 0) {
    throw new HardenError(`everyone may write to ${folder}, and root is to run what lies there`, { hint: "name a folder of your own for --plan; one that does not exist is made" });
  }
}

function refuseForeign(path: string): void {
  const status = attempt(path, () => lstatSync(path, { throwIfNoEntry: false }));
  if (status !== undefined && !status.isFile()) {
    throw new HardenError(`${path} is ${describe(status)}, where a file of the plan belongs`, { hint: "name another folder for --plan" });
  }
}

function describe(status: Stats): string {
  if (status.isSymbolicLink()) return "a symbolic link";
  return status.isDirectory() ? "a folder" : "no regular file";
}

function attempt<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : null;
    if (code === null) throw error;
    throw new HardenError(`the plan cannot be written to ${path}: ${code}`, { hint: "name a folder that can be written for --plan", cause: error });
  }
}
