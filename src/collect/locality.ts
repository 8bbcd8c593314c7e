/** Proves that an engine runs on this machine, and finds its process. What is not proved is not local. */
import { statSync, type Stats } from "node:fs";
import { findEngineProcesses, type EngineProcess } from "./engine-process.ts";
import { listSocketInodes, readProc, statusField } from "./proc.ts";
import { pathInProcess } from "./process-root.ts";
import { listUnixListeners } from "./socket-tables.ts";
import type { RunningContainer } from "./subject.ts";

export interface Locality {
  readonly local: boolean;
  /** The proof, or why there is none. */
  readonly reason: string;
  /** The engine's process, null where it is not known which one it is. */
  readonly pid: number | null;
}

/**
 * Two proofs: an engine's process holds the listening socket, or the first process of one of its containers has a cgroup that names that container.
 * A forwarder (ssh, socat) that listens in its place proves nothing. `socketPath` is null for an engine that is reached over TCP.
 */
export function locateEngine(socketPath: string | null, containers: readonly RunningContainer[]): Promise<Locality> {
  const engines = findEngineProcesses();
  const owner = socketPath === null ? "it is reached over the network" : findOwner(socketPath, engines);
  if (typeof owner !== "string") {
    return Promise.resolve({ local: true, reason: `${owner.engine} (process ${owner.pid}) listens on ${socketPath ?? ""}`, pid: owner.pid });
  }
  const witness = containers.find(({ id, pid }) => isContainerProcess(pid, id));
  if (witness !== undefined) {
    const reason = `the cgroup of process ${witness.pid} names container ${witness.id.slice(0, 12)}`;
    return Promise.resolve({ local: true, reason, pid: onlyProcess(engines) });
  }
  const noWitness = containers.length === 0 ? "no container runs that could prove it" : "none of its containers' processes is one of this machine";
  return Promise.resolve({ local: false, reason: `${owner}, and ${noWitness}`, pid: null });
}

/**
 * Whether a process belongs to a container: a part of its cgroup's path is the container's id, as cgroup drivers write it (`ID`, `docker-ID.scope`,
 * `libpod-ID`, below any parent, on cgroup v1 and v2). Process ids that an engine tells may be another machine's or long reused.
 */
export function isContainerProcess(pid: number, id: string): boolean {
  const cgroups = readProc(`/proc/${pid}/cgroup`);
  return cgroups !== null && namesContainer(cgroups, id);
}

/** Lines are `NUMBER:CONTROLLERS:PATH` (cgroups(7)). conmon, which watches a podman container from outside, has a cgroup named after it too. */
export function namesContainer(cgroups: string, id: string): boolean {
  if (!/^[0-9a-f]{64}$/.test(id)) return false;
  const parts = cgroups.split("\n").flatMap((line) => line.split(":").slice(2).join(":").split("/"));
  return parts.some((part) => part.replace(/\.scope$/, "").endsWith(id) && !part.includes("conmon") && isDriverName(part, id));
}

function isDriverName(part: string, id: string): boolean {
  const prefix = part.slice(0, part.indexOf(id));
  return prefix === "" || prefix.endsWith("-");
}

/** The engine that listens on the file at `path`, or why none is proved to. */
function findOwner(path: string, engines: readonly EngineProcess[]): EngineProcess | string {
  const file = statIfThere(path);
  if (file === null) return `${path} cannot be looked at`;
  // systemd may have made the socket in its network namespace, a forwarder in ours.
  const listeners = listUnixListeners(["self", 1, ...engines.map(({ pid }) => pid)]);
  const held = engines.map((engine) => ({ engine, inodes: listSocketInodes(engine.pid) }));
  const owners = held.filter(({ engine, inodes }) =>
    listeners.some(({ inode, path: bound }) => inodes?.has(inode) === true && isSameFile(pathInProcess(engine.pid, bound), file)));
  const owner = chooseOwner(owners.map(({ engine }) => engine), parentOf);
  if (owner === undefined) {
    const closed = held.some(({ inodes }) => inodes === null);
    return closed ? `without root one cannot tell who listens on ${path}` : `no engine of this machine listens on ${path}`;
  }
  const others = listeners.filter(({ inode }) => !held.some(({ inodes }) => inodes?.has(inode) === true));
  // Whoever removes a socket's file and binds the path anew gets what is sent to it, while the first owner listens on in vain.
  return others.some(({ path: bound }) => isSameFile(bound, file)) ? `another process than ${owner.engine} listens on ${path} too` : owner;
}

/**
 * The engine among the processes that hold its socket. One that dockerd forks to run a program holds all that dockerd does until it runs it, a moment
 * later, and may have the lower process id.
 */
export function chooseOwner(owners: readonly EngineProcess[], parent: (pid: number) => number | null): EngineProcess | undefined {
  return owners.find(({ pid, engine }) => engine !== "dockerd" || !owners.some((other) => other.pid === parent(pid))) ?? owners[0];
}

function parentOf(pid: number): number | null {
  const parent = statusField(readProc(`/proc/${pid}/status`) ?? "", "PPid");
  return parent === null ? null : Number(parent);
}

function isSameFile(path: string, file: Stats): boolean {
  const other = statIfThere(path);
  return other !== null && other.dev === file.dev && other.ino === file.ino;
}

function statIfThere(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}

/** With a container's proof but no descriptors to read, a single engine on the machine must be the one. */
function onlyProcess(engines: readonly EngineProcess[]): number | null {
  return engines.length === 1 ? (engines[0]?.pid ?? null) : null;
}
