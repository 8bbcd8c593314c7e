/** net.* sysctls of other network namespaces, as a host program prints them that enters each one. */
import { closeSync, fstatSync, openSync } from "node:fs";
import { isSecretSysctl, toSysctlKey } from "../snapshot/sysctl-key.ts";
import { errorCode } from "./answer.ts";
import { printNamespaceFiles } from "./namespace-reader.ts";
import { procFolder, type NetworkNamespace } from "./network-namespaces.ts";
import { SOURCE_TIMEOUT } from "./subject.ts";
import { SYSCTL_ROOT } from "./sysctl-tree.ts";

export interface NamespaceValues {
  /** By key; null: there, but not readable. */
  readonly values: Readonly<Record<string, string | null>>;
  readonly error: string | null;
}

/** Namespaces whose descriptors are held open at once. */
const BATCH = 256;

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
    const output = await printNamespaceFiles(paths.map((path) => `${SYSCTL_ROOT}/${path}`), present, Math.max(1, deadline - Date.now()));
    const frames = new Map(splitFrames(output));
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

function splitFrames(output: string): [string, string[]][] {
  return output.split(/^@/m).slice(1).map((frame) => {
    const [place = "", ...lines] = frame.trimEnd().split("\n");
    return [place, lines];
  });
}

/** Lines are `PATH:NUMBER:VALUE`: no interface name has a colon (dev_valid_name). The program's own lines tell what it could not read. */
function parseFrame(lines: readonly string[] | undefined): NamespaceValues {
  if (lines === undefined) return { values: {}, error: "ETIMEDOUT" };
  const values: Record<string, string | null> = {};
  const problems: string[] = [];
  for (const line of lines) {
    const [, path, number, value] = /^\/proc\/sys\/([^:]+):(\d+):(.*)$/.exec(line) ?? [];
    const [, unreadable, reason] = /^(?:perl|grep): \/proc\/sys\/([^:]+): (.*)$/.exec(line) ?? [];
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
