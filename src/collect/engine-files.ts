/** Which files of this host decide who may control the engine. */
import { readdirSync, type Dirent } from "node:fs";
import { homedir } from "node:os";
import type { Subject } from "./subject.ts";

const SOCKETS = ["/run/docker.sock", "/var/run/docker.sock", "/run/containerd/containerd.sock", "/run/docker/containerd/containerd.sock"];
const CONFIGURATION = ["/etc/docker/daemon.json", "/etc/default/docker", "/etc/sysconfig/docker", "/etc/containerd", "/etc/containerd/config.toml", "/run/containerd"];
/** What runs as root for every container. */
const PROGRAMS = ["dockerd", "containerd", "containerd-shim", "containerd-shim-runc-v1", "containerd-shim-runc-v2", "runc"].flatMap((name) => [`/usr/bin/${name}`, `/usr/sbin/${name}`]);

/** systemd.unit(5), system units. */
const UNIT_FOLDERS = ["/etc", "/run", "/usr/local/lib", "/usr/lib", "/lib"].map((place) => `${place}/systemd/system`);
const UNITS = ["docker.service", "docker.socket", "containerd.service"];

/** Below /etc/docker lie registries' certificates, certs.d/HOST/FILE; more than that is not the engine's. */
const MAXIMUM_DEPTH = 4;
const MAXIMUM_FILES = 1000;

/** Candidates; whether they exist is for stat to say. */
export function listEngineFiles(subject: Subject): string[] {
  const sockets = subject.socket === null ? SOCKETS : [subject.socket, ...SOCKETS];
  const units = UNIT_FOLDERS.flatMap((folder) => UNITS.flatMap((unit) => [`${folder}/${unit}`, ...listBelow(`${folder}/${unit}.d`, 1)]));
  const homes = [...new Set(["/root", homedir()])].flatMap(listClientFiles);
  return [...sockets, ...CONFIGURATION, ...PROGRAMS, "/etc/docker", ...listBelow("/etc/docker", MAXIMUM_DEPTH), ...units, ...homes, subject.dataRoot];
}

/** The client's keys: whoever has them is root on the engine that trusts them. */
function listClientFiles(home: string): string[] {
  const folder = `${home}/.docker`;
  return [folder, ...listBelow(folder, 1).filter((path) => /\.(pem|key|crt|cert|json)$/.test(path))];
}

function listBelow(folder: string, depth: number): string[] {
  if (depth === 0) return [];
  const paths: string[] = [];
  for (const entry of listFolder(folder)) {
    const path = `${folder}/${entry.name}`;
    paths.push(path, ...(entry.isDirectory() ? listBelow(path, depth - 1) : []));
    if (paths.length > MAXIMUM_FILES) break;
  }
  return paths.slice(0, MAXIMUM_FILES);
}

function listFolder(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Missing, or closed to us: then stat of the folder itself tells its permissions, and what lies in it is closed to others too.
    return [];
  }
}
