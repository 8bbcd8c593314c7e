/** What stat(2) says of files, with their POSIX ACLs. */
import { statSync, type Stats } from "node:fs";
import type { FileStatus } from "../snapshot/model.ts";
import { errorCode } from "./answer.ts";
import { runCommand } from "./command.ts";

export interface FileStatuses {
  readonly status: FileStatus[];
  /** Why ACLs are not known; null when they are. */
  readonly aclError: string | null;
}

/** Symbolic links are followed. What is not there is left out; what may not be looked at stays, with the error. */
export async function readFileStatuses(paths: readonly string[]): Promise<FileStatuses> {
  const found = [...new Set(paths)].sort().map(readStatus).filter(({ error }) => error !== "ENOENT" && error !== "ENOTDIR");
  const { acls, error } = await readAcls(found.filter((file) => file.error === null).map(({ path }) => path));
  return { status: found.map((file) => ({ ...file, acl: acls.get(file.path) ?? null })), aclError: error };
}

function readStatus(path: string): FileStatus {
  try {
    const stats = statSync(path);
    return { path, type: typeOf(stats), mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid, acl: null, error: null };
  } catch (error) {
    return { path, type: null, mode: null, uid: null, gid: null, acl: null, error: errorCode(error) ?? "EIO" };
  }
}

function typeOf(stats: Stats): FileStatus["type"] {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "directory";
  return stats.isSocket() ? "socket" : "other";
}

/** getfacl(1) prints, with --skip-base, only files that have more than the permission bits. */
async function readAcls(paths: readonly string[]): Promise<{ acls: Map<string, string>; error: string | null }> {
  const acls = new Map<string, string>();
  if (paths.length === 0) return { acls, error: null };
  const result = await runCommand("getfacl", ["--absolute-names", "--numeric", "--skip-base", "--", ...paths]);
  if (!result.found) return { acls, error: await findAnyAcl(paths) };
  if (result.exitCode !== 0) return { acls, error: result.stderr.trim() };
  for (const block of result.stdout.split("\n\n")) {
    const path = /^# file: (.*)$/m.exec(block)?.[1];
    if (path !== undefined) acls.set(unescape(path), block.split("\n").filter((line) => line !== "" && !line.startsWith("#")).join("\n"));
  }
  return { acls, error: null };
}

/** Without getfacl GNU ls still tells that there is none: no `+` stands behind the permissions. The reason why they are not known, or null. */
async function findAnyAcl(paths: readonly string[]): Promise<string | null> {
  const { exitCode, stdout } = await runCommand("ls", ["-ldULn", "--quoting-style=escape", "--", ...paths]);
  const lines = stdout.split("\n").filter((line) => line !== "");
  const areWithout = exitCode === 0 && lines.length === paths.length && lines.every((line) => /^.{10}[ .] ?/.test(line));
  return areWithout ? null : "getfacl (package acl) is not installed";
}

/** getfacl writes odd bytes as `\ooo`. */
function unescape(path: string): string {
  const bytes = Buffer.from(path, "utf8").toString("latin1").replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  return Buffer.from(bytes.replaceAll("\\\\", "\\"), "latin1").toString("utf8");
}
