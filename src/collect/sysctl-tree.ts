/** Running sysctls of this process's own namespaces, read from /proc/sys. */
import { closeSync, openSync, readdirSync, readSync, type Dirent } from "node:fs";
import { hasGlob, matchesPathGlob } from "../snapshot/path-glob.ts";
import { isInterfaceFolder, isSecretSysctl, SYSCTL_FOLDERS, toSysctlKey } from "../snapshot/sysctl-key.ts";
import { errorCode } from "./answer.ts";

export const SYSCTL_ROOT = "/proc/sys";

/**
 * Never opened: an automount point; a file whose reading makes the kernel fold all per-CPU counters (stat_refresh, admin-guide/sysctl/vm);
 * one that makes up a new value each time.
 */
const SKIPPED = new Set(["fs/binfmt_misc", "vm/stat_refresh", "kernel/random/uuid"]);

/** The longest values, lists of ports and of CPUs, take some kilobytes. */
const buffer = Buffer.allocUnsafe(16 * 1024);

/**
 * Reads every key below the six folders; of single interfaces only the `asked` paths (with globs), and only of these, or of all (null). Synchronous: some
 * 10 µs a key, a sixth of what asynchronous reads take. Null: there, but not readable, or a secret, which is not read.
 */
export function readSysctlTree(asked: readonly string[], withNet: boolean, interfaces: readonly string[] | null = null): Record<string, string | null> {
  const values: Record<string, string | null> = {};
  const wanted: Wanted = { asked, interfaces: interfaces === null ? null : new Set(interfaces) };
  for (const folder of SYSCTL_FOLDERS) {
    if (folder !== "net" || withNet) readFolder(folder, wanted, values);
  }
  return values;
}

interface Wanted {
  readonly asked: readonly string[];
  readonly interfaces: ReadonlySet<string> | null;
}

function readFolder(folder: string, wanted: Wanted, values: Record<string, string | null>): void {
  if (isInterfaceFolder(folder)) {
    if (wanted.interfaces?.has(folder.slice(folder.lastIndexOf("/") + 1)) !== false) readInterface(folder, wanted.asked, values);
    return;
  }
  for (const entry of listFolder(folder)) {
    const path = `${folder}/${entry.name}`;
    if (SKIPPED.has(path)) continue;
    if (entry.isDirectory()) readFolder(path, wanted, values);
    else readKey(path, values);
  }
}

function readInterface(folder: string, asked: readonly string[], values: Record<string, string | null>): void {
  for (const pattern of asked) {
    const slash = pattern.lastIndexOf("/");
    const leaf = pattern.slice(slash + 1);
    if (!matchesPathGlob(folder, pattern.slice(0, slash))) continue;
    const names = hasGlob(leaf) ? listFolder(folder).map(({ name }) => name).filter((name) => matchesPathGlob(name, leaf)) : [leaf];
    for (const name of names) readKey(`${folder}/${name}`, values);
  }
}

function listFolder(folder: string): Dirent[] {
  try {
    return readdirSync(`${SYSCTL_ROOT}/${folder}`, { withFileTypes: true });
  } catch {
    // A folder that may not be listed or has just gone (an interface was removed) holds nothing to judge.
    return [];
  }
}

/** One read gives the whole value: the kernel answers a second one with nothing. A key that has gone meanwhile is absent. */
function readKey(path: string, values: Record<string, string | null>): void {
  const key = toSysctlKey(path);
  if (isSecretSysctl(path)) {
    values[key] = null;
    return;
  }
  try {
    const descriptor = openSync(`${SYSCTL_ROOT}/${path}`, "r");
    try {
      const length = readSync(descriptor, buffer);
      values[key] = length === buffer.length ? null : buffer.toString("utf8", 0, length).trim();
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (errorCode(error) !== "ENOENT") values[key] = null;
  }
}
