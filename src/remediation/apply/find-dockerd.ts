/** Which process is the engine that no service manager knows. */
import { readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { HardenError } from "../../errors.ts";

/** Whether this process is a dockerd: one of the same number may have come later. */
export function isDockerd(pid: number): boolean {
  try {
    return /^\.?dockerd(-|$)/.test(basename(readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, "")));
  } catch {
    // No such process.
    return false;
  }
}

/** The dockerd that serves on this socket, or of one whose socket is not known the only one; null where none does. Throws HardenError where there are several. */
export function findDockerd(socket: string | null): number | null {
  const running = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => isDockerd(pid) && isOurs(pid));
  const found = socket === null ? running : running.filter((pid) => serves(pid, socket));
  if (found.length > 1) throw new HardenError(`which dockerd is the engine cannot be told: ${found.join(" and ")} run`);
  return found[0] ?? null;
}

/** An engine in a container has process ids of its own. */
function isOurs(pid: number): boolean {
  return readLink(`/proc/${pid}/ns/pid`) === readLink("/proc/self/ns/pid");
}

/** It has the descriptor of a socket that its network namespace lists by this path (proc(5), /proc/net/unix). */
function serves(pid: number, socket: string): boolean {
  try {
    const inodes = readFileSync(`/proc/${pid}/net/unix`, "utf8").split("\n").flatMap((line) => {
      const [, inode, path] = /^(?:\S+\s+){6}(\d+) (\/.*)$/.exec(line) ?? [];
      return inode !== undefined && path !== undefined && realName(path) === realName(socket) ? [`socket:[${inode}]`] : [];
    });
    return readdirSync(`/proc/${pid}/fd`).some((name) => inodes.includes(readLink(`/proc/${pid}/fd/${name}`)));
  } catch {
    // It has ended meanwhile.
    return false;
  }
}

/** /var/run is a link to /run. */
function realName(path: string): string {
  try {
    return join(realpathSync(dirname(path)), basename(path));
  } catch {
    return path;
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // Closed meanwhile.
    return "";
  }
}
