/** One harden at a time changes this machine. */
import { spawn } from "node:child_process";
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { HardenError } from "../../errors.ts";
import { makeFolder } from "../../folder.ts";

export interface Lock {
  /** Programs that inherit it hold the lock as well. */
  readonly descriptor: number;
  readonly release: () => void;
}

const FOLDER = "/run/harden";
const FILE = `${FOLDER}/lock`;

/**
 * Takes the lock; `wait` for whoever holds it, else throws HardenError. It belongs to the open file (flock(2)), not to a process: the kernel
 * lets it go when the last that holds the descriptor is gone, however that ended, so no lock is ever stale. Throws HardenError too where
 * it cannot be made.
 */
export async function takeLock(wait = false): Promise<Lock> {
  const descriptor = openFile();
  try {
    const exitCode = await lock(descriptor, wait);
    if (exitCode === LOCKED) {
      throw new HardenError(`another harden is changing this machine${describeHolder()}`, { hint: "wait until it has ended, then run this again" });
    }
    if (exitCode !== 0) throw new HardenError(`flock cannot lock ${FILE}`);
    ftruncateSync(descriptor);
    writeSync(descriptor, `${process.pid}\n`, 0);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  return { descriptor, release: () => { closeSync(descriptor); } };
}

function openFile(): number {
  try {
    makeFolder(FOLDER, 0o700);
    return openSync(FILE, "a+", 0o600);
  } catch (cause) {
    throw new HardenError(`the lock ${FILE} cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** flock(1): the exit code where --nonblock finds it taken. */
const LOCKED = 1;

function lock(descriptor: number, wait: boolean): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn("flock", [...(wait ? [] : ["-n"]), "3"], { stdio: ["ignore", "ignore", "ignore", descriptor] });
    child.once("error", (cause) => { reject(new HardenError("the program flock (package util-linux) is needed and cannot be run", { cause })); });
    child.once("exit", resolve);
  });
}

function describeHolder(): string {
  try {
    const pid = readFileSync(FILE, "utf8").trim();
    return pid === "" ? "" : ` (process ${pid})`;
  } catch {
    return "";
  }
}
