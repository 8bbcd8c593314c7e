/** The kernel's view of running containers: what /proc says of each one's first process. Nothing is executed in them. */
import { readFileSync, readlinkSync } from "node:fs";
import type { Answer, DataOf, ProcessData } from "../snapshot/model.ts";
import { errorCode, ok } from "./answer.ts";
import { listContainerListeners } from "./container-listeners.ts";
import { parseStatus } from "./proc.ts";
import type { RunningContainer, Subject } from "./subject.ts";

const NAMESPACES = ["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"] as const;

/** Many small reads of /proc: synchronous ones are the fastest. A field that cannot be read is null, with the reason in `error`. */
export async function collectProcesses(subject: Subject): Promise<Answer<DataOf<"processes">>> {
  const host = readHostNamespaces(subject.pid);
  const containers = subject.containers.map(readProcess);
  const onHost = containers.filter(({ namespaces }) => namespaces["net"] !== null && namespaces["net"] === host["net"]);
  const listeners = await listContainerListeners(onHost.map(({ containerId: id, pid }) => ({ id, pid })));
  return ok({ host, containers: containers.map((process) => (listeners.has(process.containerId) ? { ...process, listeners: listeners.get(process.containerId) ?? null } : process)) });
}

/** The engine's own namespaces are what its containers can share; without its process those of the machine's first, or ours. */
function readHostNamespaces(engine: number | null): Record<string, string | null> {
  const candidates: (number | "self")[] = engine === null ? [1, "self"] : [engine, 1, "self"];
  const answers = candidates.map((pid) => readNamespaces(openFolder(`/proc/${pid}`)));
  return answers.find(({ net }) => net !== null) ?? answers[0] ?? {};
}

function readProcess({ id, pid }: RunningContainer): ProcessData {
  const folder = openFolder(`/proc/${pid}`);
  const status = folder.text("status");
  const fields = parseStatus(status ?? "");
  const field = (name: string): string | null => fields.get(name) ?? null;
  return {
    containerId: id,
    pid,
    uids: field("Uid")?.split(/\s+/).map(Number) ?? null,
    noNewPrivs: toNumber(field("NoNewPrivs")),
    seccomp: toNumber(field("Seccomp")),
    capEffective: field("CapEff"),
    capPermitted: field("CapPrm"),
    capBounding: field("CapBnd"),
    // Terminated by a zero byte or a newline; EINVAL where no LSM gives labels.
    label: folder.text("attr/current", ["EINVAL", "ENOENT"])?.replace(/[\0\n]+$/, "") ?? null,
    uidMap: folder.text("uid_map")?.trimEnd() ?? null,
    maskedPaths: parseSystemMounts(folder.text("mountinfo")),
    namespaces: readNamespaces(folder),
    error: folder.trouble(),
  };
}

function readNamespaces(folder: ProcFolder): Record<string, string | null> {
  return Object.fromEntries(NAMESPACES.map((name) => [name, folder.link(`ns/${name}`)]));
}

/**
 * `MOUNTPOINT TYPE OPTIONS` of every mount at or below /proc and /sys. Lines of mountinfo are `ID PARENT MAJOR:MINOR ROOT MOUNTPOINT OPTIONS [TAG…] -
 * TYPE SOURCE SUPER-OPTIONS` (proc(5)); blanks are written \040.
 */
export function parseSystemMounts(mountinfo: string | null): string[] | null {
  if (mountinfo === null) return null;
  return [...mountinfo.matchAll(SYSTEM_MOUNT)].map(([, point = "", options = "", type = ""]) => `${point} ${type} ${options}`);
}

const SYSTEM_MOUNT = /^\d+ \d+ \S+ \S+ (\/(?:proc|sys)(?:\/\S*)?) (\S+)(?: \S+)*? - (\S+)/gm;

function toNumber(text: string | null): number | null {
  return text === null ? null : Number(text);
}

/** Reads of one /proc/PID that remember what could not be read. */
interface ProcFolder {
  /** Null for a file that cannot be read; errors of these codes are no trouble. */
  text(name: string, expected?: readonly string[]): string | null;
  link(name: string): string | null;
  /** `EACCES: mountinfo, ns/net`, or null. */
  trouble(): string | null;
}

function openFolder(path: string): ProcFolder {
  const troubles = new Map<string, string[]>();
  const attempt = (name: string, read: (path: string) => string, expected: readonly string[]): string | null => {
    try {
      return read(`${path}/${name}`);
    } catch (error) {
      const code = errorCode(error) ?? "EIO";
      if (!expected.includes(code)) troubles.set(code, [...(troubles.get(code) ?? []), name]);
      return null;
    }
  };
  return {
    text: (name, expected = []) => attempt(name, (file) => readFileSync(file, "utf8"), expected),
    link: (name) => attempt(name, readlinkSync, name === "ns/time" || name === "ns/cgroup" ? ["ENOENT"] : []),
    trouble: () => troubles.size === 0 ? null : [...troubles].map(([code, names]) => `${code}: ${names.join(", ")}`).join("; "),
  };
}
