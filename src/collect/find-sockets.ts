/** The sockets at which an engine of this machine may be, where nothing names one. */
import { existsSync, readdirSync, statSync, type Stats } from "node:fs";
import { join } from "node:path";

export const DEFAULT_SOCKET = "/var/run/docker.sock";
const PODMAN_SOCKET = "/run/podman/podman.sock";
const OWN_SOCKETS = ["docker.sock", "podman/podman.sock"];

export interface FoundSockets {
  /** The default one where there is none. */
  readonly chosen: string;
  /** Sockets that are there and are not the chosen one by another name, as with podman-docker, whose docker.sock is a link. */
  readonly others: readonly string[];
}

/**
 * Docker's own sockets go before podman's, one's own before the machine's (rootless engines: dockerd-rootless.sh; podman-system-service(1)). Root also sees
 * those of every user, /run/user/UID being XDG_RUNTIME_DIR, and none of them is chosen: another user answers there. `uid` is undefined where the system has no
 * users; `root` stands for the file system.
 */
export function findSockets(runtime: string, uid: number | undefined, root = ""): FoundSockets {
  const ownFolder = runtime || (uid === 0 ? "" : `/run/user/${String(uid)}`);
  const own = ownFolder === "" ? [] : OWN_SOCKETS.map((name) => join(ownFolder, name));
  const ofUsers = uid === 0 ? listUsers(root).flatMap((user) => OWN_SOCKETS.map((name) => `/run/user/${user}/${name}`)) : [];
  const candidates = [DEFAULT_SOCKET, ...own, PODMAN_SOCKET];
  const chosen = candidates.find((path) => existsSync(root + path)) ?? DEFAULT_SOCKET;
  const seen = new Set([nameSocket(root + chosen)]);
  const others = [...candidates, ...ofUsers].filter((path) => {
    const socket = nameSocket(root + path);
    const isNew = socket !== null && !seen.has(socket);
    seen.add(socket);
    return isNew;
  });
  return { chosen, others };
}

function listUsers(root: string): string[] {
  try {
    return readdirSync(`${root}/run/user`).sort();
  } catch {
    return [];
  }
}

/** What it is under all its names; null for what is no socket, or is not there, or lies where one may not look. */
function nameSocket(path: string): string | null {
  let status: Stats | undefined;
  try {
    status = statSync(path, { throwIfNoEntry: false });
  } catch {
    return null;
  }
  return status?.isSocket() === true ? `${status.dev}:${status.ino}` : null;
}
