/** Files as another process sees them: its root, its mount namespace, its working directory. */
import { posix } from "node:path";
import { readProcLink } from "./proc.ts";

/** Links that one path may lead through (path_resolution(7) allows 40). */
const MAXIMUM_LINKS = 40;

/**
 * The path by which this process opens what `path` is for process `pid`. Links are followed within that process's root: an absolute link
 * below /proc/PID/root would lead to our own root instead. A relative path starts at its working directory.
 */
export function pathInProcess(pid: number, path: string): string {
  const absolute = path.startsWith("/") ? path : posix.join(readProcLink(`/proc/${pid}/cwd`) ?? "/", path);
  return sharesOwnRoot(pid) ? absolute : `/proc/${pid}/root${followLinks(`/proc/${pid}/root`, absolute)}`;
}

/** Without the right to look (no root) the processes are taken to share one file system. */
function sharesOwnRoot(pid: number): boolean {
  const theirs = readProcLink(`/proc/${pid}/ns/mnt`);
  if (theirs === null) return true;
  return theirs === readProcLink("/proc/self/ns/mnt") && readProcLink(`/proc/${pid}/root`) === readProcLink("/proc/self/root");
}

function followLinks(root: string, path: string): string {
  let done = "";
  let links = 0;
  const pending = path.split("/");
  for (let part = pending.shift(); part !== undefined; part = pending.shift()) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      done = posix.dirname(`${done}/`);
      if (done === "/") done = "";
      continue;
    }
    const target = links < MAXIMUM_LINKS ? readProcLink(`${root}${done}/${part}`) : null;
    if (target === null) {
      done = `${done}/${part}`;
      continue;
    }
    links++;
    if (target.startsWith("/")) done = "";
    pending.unshift(...target.split("/"));
  }
  return done;
}
