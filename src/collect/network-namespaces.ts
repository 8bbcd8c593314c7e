/** The network namespaces in play: the engine's, and those of running containers, each once. */
import { readlinkSync, statSync } from "node:fs";
import { errorCode } from "./answer.ts";
import type { Subject } from "./subject.ts";

export interface NetworkNamespace {
  /** `net:[4026531840]`, or null with the error's code. */
  readonly name: string | null;
  /** A process that is in it; null stands for this one. */
  readonly pid: number | null;
  readonly containerIds: readonly string[];
  readonly error: string | null;
}

export interface NetworkNamespaces {
  /** The engine's own, with the containers that share it. */
  readonly host: NetworkNamespace;
  /** Whether that is also this process's. */
  readonly hostIsOwn: boolean;
  /** All others, in the order of the containers. */
  readonly others: readonly NetworkNamespace[];
}

/** Groups running containers by network namespace (its inode); one whose process is gone is an entry of its own with the error. */
export function listNetworkNamespaces(subject: Subject): NetworkNamespaces {
  const { pid, networkUnknown } = subject;
  const host = { ...(networkUnknown === undefined ? identify(pid) : { name: null, pid, error: networkUnknown }), containerIds: new Array<string>() };
  const others = new Map<string, NetworkNamespace & { containerIds: string[] }>();
  for (const { id, pid } of subject.containers) {
    const namespace = identify(pid);
    const known = namespace.name === null ? undefined : namespace.name === host.name ? host : others.get(namespace.name);
    if (known === undefined) others.set(namespace.name ?? `gone ${id}`, { ...namespace, containerIds: [id] });
    else known.containerIds.push(id);
  }
  return { host, hostIsOwn: host.name !== null && host.name === identify(null).name, others: [...others.values()] };
}

/** Whether the process is still in that namespace: its id may belong to another one by now. */
export function isStillThere({ name, pid }: NetworkNamespace): boolean {
  return name !== null && identify(pid).name === name;
}

/** The folder of /proc that shows a namespace as its processes see it. */
export function procFolder(pid: number | null): string {
  return `/proc/${pid ?? "self"}`;
}

function identify(pid: number | null): Omit<NetworkNamespace, "containerIds"> {
  try {
    return { name: readlinkSync(`${procFolder(pid)}/ns/net`), pid, error: null };
  } catch (error) {
    if (pid !== null && sharesOwnNamespace(pid)) return { ...identify(null), pid };
    return { name: null, pid, error: errorCode(error) ?? "EIO" };
  }
}

/** Without root ns/net of another user's process is closed, but files of /proc/PID/net are open, and each namespace has its own inodes. */
function sharesOwnNamespace(pid: number): boolean {
  try {
    return statSync(`${procFolder(pid)}/net/dev`).ino === statSync(`${procFolder(null)}/net/dev`).ino;
  } catch {
    return false;
  }
}
