/** Files that decide who may control the engine: their permissions, and the accounts and audit rules that belong to them. */
import { readdirSync, realpathSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { Answer, DataOf, TextFile } from "../snapshot/model.ts";
import { errorCode, ok } from "./answer.ts";
import { runCommand } from "./command.ts";
import { listEngineFiles } from "./engine-files.ts";
import { readFileStatuses } from "./file-status.ts";
import { findFileSystem } from "./file-system.ts";
import { resolveRealPaths } from "./real-paths.ts";
import type { Subject } from "./subject.ts";
import { readTextFile } from "./text-file.ts";

export interface FilesRequest {
  /** Files that the engine's configuration names: its config file, TLS keys, units. */
  readonly paths: readonly string[];
  /** Host paths whose links are followed. */
  readonly linkedPaths: readonly string[];
}

/** Each part says for itself what could not be read. */
export async function collectFiles(subject: Subject, request: FilesRequest): Promise<Answer<DataOf<"files">>> {
  const [{ status, aclError }, realPaths, auditLoaded, auditStatus] = await Promise.all([
    readFileStatuses(dropAliases([...request.paths, ...listEngineFiles(subject)])),
    resolveRealPaths(request.linkedPaths),
    askAudit("-l"),
    askAudit("-s"),
  ]);
  return ok({
    status,
    aclError,
    passwd: hideFields(readTextFile("/etc/passwd"), [1, 4]),
    group: hideFields(readTextFile("/etc/group"), [1]),
    subuid: readTextFile("/etc/subuid"),
    subgid: readTextFile("/etc/subgid"),
    auditRules: readAuditRules(),
    auditLoaded,
    auditStatus,
    rootDevice: findFileSystem("/"),
    dataRootDevice: findFileSystem(subject.dataRoot),
    realPaths,
  });
}

/** /var/run is a link to /run, /lib often to /usr/lib: one file is judged once, under the name that comes first. */
function dropAliases(paths: readonly string[]): string[] {
  const byFile = new Map<string, string>();
  for (const path of paths) {
    const file = `${realFolder(dirname(path))}/${basename(path)}`;
    if (!byFile.has(file)) byFile.set(file, path);
  }
  return [...byFile.values()];
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

/** Password hashes (where there is no shadow file) and people's names and telephones are not needed. */
function hideFields(file: TextFile, hidden: readonly number[]): TextFile {
  if (file.text === null) return file;
  const lines = file.text.split("\n").map((line) => line.split(":").map((field, index) => (hidden.includes(index) ? "" : field)).join(":"));
  return { ...file, text: lines.join("\n") };
}

/** `-l` for the kernel's rules, which says so in words where there are none; `-s` for its state. What goes wrong is said in its own words. */
async function askAudit(option: "-l" | "-s"): Promise<TextFile> {
  const path = `auditctl ${option}`;
  const { found, exitCode, stdout, stderr } = await runCommand("auditctl", [option]);
  if (!found) return { path, text: null, error: "ENOENT" };
  return exitCode === 0 ? { path, text: stdout, error: null } : { path, text: null, error: stderr.trim().replace(/\s*\n\s*/g, "; ") };
}

/** augenrules(8) builds audit.rules from rules.d at boot; both count. */
function readAuditRules(): TextFile[] {
  const folder = "/etc/audit/rules.d";
  const files = [...listFolder(folder), readTextFile("/etc/audit/audit.rules")];
  return files.filter(({ error }) => error !== "ENOENT");
}

function listFolder(folder: string): TextFile[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith(".rules"));
    return names.sort().map((name) => readTextFile(`${folder}/${name}`));
  } catch (error) {
    return [{ path: folder, text: null, error: errorCode(error) ?? "EIO" }];
  }
}
