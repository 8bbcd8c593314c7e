/** Small reads below /proc. A process may end at any time, so each gives null instead of throwing. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Text of a file of /proc, null where it cannot be read. */
export function readProc(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

/** Target of a link of /proc (exe, cwd, ns/net, fd/3), null where it cannot be read. */
export function readProcLink(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

/** Process ids, ascending; empty where /proc cannot be listed. */
export function listProcessIds(): number[] {
  return listFolder("/proc").filter((name) => /^\d+$/.test(name)).map(Number).sort((a, b) => a - b);
}

/** The inodes of the sockets that a process holds open; null without the right to look (root, or the same user). */
export function listSocketInodes(pid: number): Set<number> | null {
  try {
    const targets = readdirSync(`/proc/${pid}/fd`).map((name) => readProcLink(`/proc/${pid}/fd/${name}`));
    return new Set(targets.flatMap((target) => {
      const inode = /^socket:\[(\d+)\]$/.exec(target ?? "")?.[1];
      return inode === undefined ? [] : [Number(inode)];
    }));
  } catch {
    return null;
  }
}

/** The lines `NAME:\tVALUE` of /proc/PID/status. */
export function parseStatus(status: string): Map<string, string> {
  return new Map(status.split("\n").map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  }));
}

/** The value of one of its lines. */
export function statusField(status: string, name: string): string | null {
  return parseStatus(status).get(name) ?? null;
}

function listFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
