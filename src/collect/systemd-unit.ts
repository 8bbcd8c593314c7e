/** The systemd unit that starts dockerd, as its files say, by the precedence of systemd.unit(5). */
import { realpathSync } from "node:fs";
import type { TextFile } from "../snapshot/model.ts";
import { redactDaemonText } from "../snapshot/redact.ts";
import { listAssignments, splitWords } from "../snapshot/unit-text.ts";
import { listConfFiles } from "./config-folders.ts";
import { readProc } from "./proc.ts";
import { readTextFile } from "./text-file.ts";

/** Highest precedence first. The transient and generated places are left to systemd: no package or administrator puts files there. */
const SYSTEM_FOLDERS = ["/etc", "/run", "/usr/local/lib", "/usr/lib", "/lib"].map((place) => `${place}/systemd/system`);
const USER_FOLDERS = ["/etc", "/run", "/usr/local/lib", "/usr/lib", "/lib"].map((place) => `${place}/systemd/user`);

export interface Unit {
  readonly name: string;
  /** Folder of the user's own units, null for a system unit. */
  readonly userFolder: string | null;
}

/**
 * The unit that a process was started by, from its cgroup; null for one started otherwise. A user's unit lies below `user@UID.service`;
 * the last unit of the path is the process's own.
 */
export function findUnit(pid: number, userFolder: string): Unit | null {
  return unitOfCgroups(readProc(`/proc/${pid}/cgroup`) ?? "", userFolder);
}

export function unitOfCgroups(cgroups: string, userFolder: string): Unit | null {
  for (const line of cgroups.split("\n")) {
    const [, controllers, path = ""] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers !== "" && controllers !== "name=systemd") continue;
    const units = path.split("/").filter((part) => /\.(service|scope)$/.test(part));
    const name = units.at(-1);
    if (name === undefined || !name.endsWith(".service") || name.startsWith("user@")) continue;
    return { name, userFolder: units.some((unit) => unit.startsWith("user@")) ? userFolder : null };
  }
  return null;
}

/** The unit's file, its drop-ins in the order in which they take effect, then the environment files that these name. `root` is put before every path. */
export function readUnit({ name, userFolder }: Unit, root = ""): TextFile[] {
  const folders = userFolder === null ? SYSTEM_FOLDERS : [userFolder, ...USER_FOLDERS];
  const file = folders.map((folder) => readUnitFile(root, `${folder}/${name}`)).find(({ error }) => error !== "ENOENT");
  const units = [...(file === undefined ? [] : [file]), ...listDropIns(folders, name, root).map((path) => readUnitFile(root, path))];
  const named = units.flatMap(({ text }) => listEnvironmentFiles(text ?? ""));
  return [...units, ...[...new Set(named)].map((path) => readUnitFile(root, path))];
}

/** Drop-ins of the unit and of all services, by file name; one hides those of its name in later folders, and is hidden by an empty file or a link to /dev/null. */
function listDropIns(folders: readonly string[], name: string, root: string): string[] {
  const paths = new Map<string, string>();
  for (const dropIns of [`${name}.d`, "service.d"]) {
    for (const folder of folders) {
      for (const path of listConfFiles(`${root}${folder}/${dropIns}`)) {
        if (!paths.has(path)) paths.set(path, `${folder}/${dropIns}/${path}`);
      }
    }
  }
  const sorted = [...paths].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
  return sorted.filter((path) => !isMask(root + path));
}

/** `EnvironmentFile=-/path`; a pattern or a specifier in it is left alone. */
function listEnvironmentFiles(unit: string): string[] {
  const entries = listAssignments(unit).filter(({ key }) => key === "EnvironmentFile").flatMap(({ offset }) => splitWords(unit, offset));
  return entries.map(({ text }) => text.replace(/^-/, "")).filter((path) => path.startsWith("/") && !/[*?[%]/.test(path));
}

function readUnitFile(root: string, path: string): TextFile {
  const { text, error } = readTextFile(root + path);
  // A masked unit is a link to /dev/null: it says nothing.
  if (error === "EINVAL" && isMask(root + path)) return { path, text: "", error: null };
  return { path, text: text === null ? null : redactDaemonText(text), error };
}

function isMask(path: string): boolean {
  try {
    return realpathSync(path) === "/dev/null";
  } catch {
    return false;
  }
}
