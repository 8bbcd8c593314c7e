/**
 * net.* sysctls of other network namespaces. /proc/sys/net shows the reader's own namespace, so a host program enters each one
 * (`nsenter --net`: nothing else of the container) and prints the files: one shell for many namespaces, some 1.5 ms each.
 */
import { closeSync, fstatSync, openSync } from "node:fs";
import { isSecretSysctl, toSysctlKey } from "../snapshot/sysctl-key.ts";
import { errorCode } from "./answer.ts";
import { runCommand } from "./command.ts";
import { procFolder, type NetworkNamespace } from "./network-namespaces.ts";
import { SOURCE_TIMEOUT } from "./subject.ts";
import { SYSCTL_ROOT } from "./sysctl-tree.ts";

export interface NamespaceValues {
  /** By key; null: there, but not readable. */
  readonly values: Readonly<Record<string, string | null>>;
  readonly error: string | null;
}

/** More shells than two gained nothing: entering is bound by the kernel. */
const SHELLS = 2;
/** Namespaces whose descriptors are held open at once. */
const BATCH = 256;

/** $1 is the list of paths, split and expanded inside the namespace; all else are namespaces. Nothing of it is ever parsed as code. */
const SCRIPT = `
paths=$1
shift
for namespace do
  echo "@$namespace"
  nsenter --net="$namespace" sh -c 'exec grep -Hn "" $1' sh "$paths" 2>&1
done
exit 0`;

/** Reads paths (below /proc/sys, with globs) in each namespace. Gives one answer a namespace, in their order; one that has gone is an error. */
export async function readNamespaceSysctls(namespaces: readonly NetworkNamespace[], paths: readonly string[]): Promise<NamespaceValues[]> {
  const deadline = Date.now() + SOURCE_TIMEOUT;
  const answers: NamespaceValues[] = [];
  for (let start = 0; start < namespaces.length; start += BATCH) {
    answers.push(...(await readBatch(namespaces.slice(start, start + BATCH), paths, deadline)));
  }
  return answers;
}

/** Open descriptors keep the namespaces alive meanwhile, and prove that what is read is what was listed, whoever has the process id now. */
async function readBatch(namespaces: readonly NetworkNamespace[], paths: readonly string[], deadline: number): Promise<NamespaceValues[]> {
  const opened = namespaces.map(openNamespace);
  try {
    const places = opened.map((handle) => (typeof handle === "number" ? `/proc/${process.pid}/fd/${handle}` : null));
    const present = places.filter((place) => place !== null);
    const shares = Array.from({ length: SHELLS }, (_, shell) => present.filter((_place, index) => index % SHELLS === shell));
    const list = paths.map((path) => `${SYSCTL_ROOT}/${path}`).join(" ");
    const outputs = await Promise.all(shares.map((share) => runShell(list, share, Math.max(1, deadline - Date.now()))));
    const frames = new Map(outputs.flatMap(splitFrames));
    return opened.map((handle, index) => (typeof handle === "number" ? parseFrame(frames.get(places[index] ?? "")) : { values: {}, error: handle }));
  } finally {
    for (const handle of opened) if (typeof handle === "number") closeSync(handle);
  }
}

/** The descriptor, or the error's code. */
function openNamespace({ name, pid, error }: NetworkNamespace): number | string {
  if (name === null) return error ?? "ENOENT";
  try {
    const descriptor = openSync(`${procFolder(pid)}/ns/net`, "r");
    if (name === `net:[${fstatSync(descriptor).ino}]`) return descriptor;
    closeSync(descriptor);
    return "ENOENT";
  } catch (problem) {
    return errorCode(problem) ?? "EIO";
  }
}

async function runShell(paths: string, places: readonly string[], timeout: number): Promise<string> {
  if (places.length === 0) return "";
  return (await runCommand("sh", ["-c", SCRIPT, "sh", paths, ...places], { timeout })).stdout;
}

function splitFrames(output: string): [string, string[]][] {
  return output.split(/^@/m).slice(1).map((frame) => {
    const [place = "", ...lines] = frame.trimEnd().split("\n");
    return [place, lines];
  });
}

/** Lines are `PATH:NUMBER:VALUE`: no interface name has a colon (dev_valid_name). grep's own lines tell what it could not read. */
function parseFrame(lines: readonly string[] | undefined): NamespaceValues {
  if (lines === undefined) return { values: {}, error: "ETIMEDOUT" };
  const values: Record<string, string | null> = {};
  const problems: string[] = [];
  for (const line of lines) {
    const [, path, number, value] = /^\/proc\/sys\/([^:]+):(\d+):(.*)$/.exec(line) ?? [];
    const [, unreadable, reason] = /^grep: \/proc\/sys\/([^:]+): (.*)$/.exec(line) ?? [];
    if (path !== undefined && value !== undefined) addLine(values, path, value, number === "1");
    else if (unreadable === undefined) problems.push(line);
    else if (reason !== "No such file or directory" && reason !== "Is a directory") values[toSysctlKey(unreadable)] = null;
  }
  return { values, error: problems.length === 0 ? null : problems.join(" ") };
}

/** A file that two globs name is printed twice: its first line begins anew. */
function addLine(values: Record<string, string | null>, path: string, value: string, isFirst: boolean): void {
  const key = toSysctlKey(path);
  if (isSecretSysctl(path)) values[key] = null;
  else values[key] = !isFirst && typeof values[key] === "string" ? `${values[key]}\n${value.trim()}` : value.trim();
}
