/** Reads the compose files that containers' labels name: anyone can write a label, so that little is taken for a compose file. */
import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import { errorCode } from "./answer.ts";

/** As compose takes it: the text of a file, or why there is none. */
export type HostFile =
  | { readonly text: string }
  | { readonly fault: "missing" | "folder" | "unreadable"; readonly reason: string };

export interface HostFileLimits {
  /** Bytes of one file, and of all together. */
  readonly fileBytes: number;
  readonly allBytes: number;
  readonly files: number;
  /** Milliseconds from now on. */
  readonly time: number;
}

/** Far beyond what the projects of one host need. */
const LIMITS: HostFileLimits = { fileBytes: 1024 * 1024, allBytes: 16 * 1024 * 1024, files: 2000, time: 10_000 };

/**
 * A reader by absolute path that never throws, reads each file once, and gives up at its limits: regular files of UTF-8 text, links followed, and
 * none of the kernel's (/proc, /sys, /dev), some of which wait or forget what is read.
 */
export function openHostFiles(limits: HostFileLimits = LIMITS): (path: string) => HostFile {
  const known = new Map<string, HostFile>();
  const end = performance.now() + limits.time;
  let bytes = 0;
  return (path) => {
    let found = known.get(path);
    if (found === undefined) {
      if (known.size >= limits.files) return refuse(`the labels of containers lead to more than ${limits.files} files`);
      if (performance.now() > end) return refuse(`reading compose files took longer than ${limits.time / 1000} s`);
      found = readOne(path, Math.min(limits.fileBytes, limits.allBytes - bytes));
      if ("text" in found) bytes += Buffer.byteLength(found.text);
      known.set(path, found);
    }
    return found;
  };
}

/** What one names for an env file that there is not. */
const NO_FILE = "/dev/null";
const KERNEL_FOLDERS = /^\/(proc|sys|dev)(\/|$)/;

function readOne(path: string, limit: number): HostFile {
  if (path === NO_FILE) return { text: "" };
  try {
    if (KERNEL_FOLDERS.test(path) || KERNEL_FOLDERS.test(realpathSync(path))) return refuse("it is a file of the kernel's");
    // Looked at before it is opened: opening a device can do something.
    const refused = refuseKind(statSync(path), limit);
    return refused ?? readOpened(path, limit);
  } catch (error) {
    if (error instanceof TypeError) return refuse("it is not UTF-8 text");
    const code = errorCode(error) ?? "EIO";
    return code === "ENOENT" || code === "ENOTDIR" ? { fault: "missing", reason: "no such file or directory" } : refuse(WORDS[code] ?? code);
  }
}

/** strerror(3). */
const WORDS: Readonly<Record<string, string>> = { EACCES: "permission denied", EPERM: "operation not permitted", ELOOP: "too many levels of symbolic links" };

function readOpened(path: string, limit: number): HostFile {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    return refuseKind(fstatSync(descriptor), limit) ?? { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(descriptor)) };
  } finally {
    closeSync(descriptor);
  }
}

function refuseKind(status: Stats, limit: number): HostFile | null {
  if (status.isDirectory()) return { fault: "folder", reason: "it is a folder" };
  if (!status.isFile()) return refuse("it is no regular file");
  return status.size > limit ? refuse("it is larger than a compose file is") : null;
}

function refuse(reason: string): HostFile {
  return { fault: "unreadable", reason };
}
