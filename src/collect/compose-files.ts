/** Reads the compose files that containers' labels name: anyone can write a label, so that little is taken for a compose file. */
import { constants } from "node:fs";
import { errorCode } from "./answer.ts";
import { callFiles, type FileStats, startFileThread, TOO_MANY_STUCK } from "./file-thread.ts";
import { type KnownSteps, resolveLinks } from "./resolve-links.ts";
import { isOfType, printStamp } from "./stamp-file.ts";

/** As compose takes it: the text of a file, or why there is none. */
export type HostFile = (
  | { readonly text: string }
  | { readonly fault: "missing" | "folder" | "unreadable"; readonly reason: string }
) & {
  /** What `stampFile` says as long as it stays so; absent for what is not looked at. */
  readonly stamp?: string;
};

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
 * none of the kernel's (/proc, /sys, /dev), some of which wait or forget what is read. A file system that does not answer is not waited for.
 */
export function openHostFiles(limits: HostFileLimits = LIMITS): (path: string) => HostFile {
  startFileThread();
  const known = new Map<string, HostFile>();
  const steps: KnownSteps = new Map();
  const end = performance.now() + limits.time;
  let bytes = 0;
  return (path) => {
    let found = known.get(path);
    if (found === undefined) {
      if (known.size >= limits.files) return refuse(`the labels of containers lead to more than ${limits.files} files`);
      if (performance.now() > end) return refuse(`reading compose files took longer than ${limits.time / 1000} s`);
      found = readOne(path, steps, Math.min(limits.fileBytes, limits.allBytes - bytes));
      if ("text" in found) bytes += Buffer.byteLength(found.text);
      known.set(path, found);
    }
    return found;
  };
}

/** What one names for an env file that there is not. */
const NO_FILE = "/dev/null";
const KERNEL_FOLDERS = /^\/(proc|sys|dev)(\/|$)/;

function readOne(path: string, steps: KnownSteps, limit: number): HostFile {
  if (path === NO_FILE) return { text: "" };
  try {
    const real = resolveLinks(path, steps, (step) => KERNEL_FOLDERS.test(step));
    if (real === null) return refuse("it is a file of the kernel's");
    // Looked at before it is opened: opening a device can do something.
    const stats = callFiles(real, "statSync", real, { bigint: true });
    return { ...(refuseKind(stats, limit) ?? readOpened(real, limit)), stamp: printStamp(stats) };
  } catch (error) {
    const code = errorCode(error) ?? "EIO";
    const isMissing = code === "ENOENT" || code === "ENOTDIR";
    return { ...(isMissing ? { fault: "missing", reason: "no such file or directory" } : refuse(WORDS[code] ?? code)), stamp: code };
  }
}

/** strerror(3), but for what harden gave up. */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: "permission denied", EPERM: "operation not permitted", ELOOP: "too many levels of symbolic links", ETIMEDOUT: "its file system does not answer",
  [TOO_MANY_STUCK]: "too many others before it do not answer",
};

function readOpened(path: string, limit: number): HostFile {
  const descriptor = callFiles(path, "openSync", path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY | constants.O_NOFOLLOW);
  try {
    return refuseKind(callFiles(path, "fstatSync", descriptor, { bigint: true }), limit) ?? decode(callFiles(path, "readFileSync", descriptor));
  } finally {
    callFiles(path, "closeSync", descriptor);
  }
}

function decode(bytes: Uint8Array): HostFile {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (error) {
    if (error instanceof TypeError) return refuse("it is not UTF-8 text");
    throw error;
  }
}

function refuseKind(stats: FileStats, limit: number): HostFile | null {
  if (isOfType(stats, constants.S_IFDIR)) return { fault: "folder", reason: "it is a folder" };
  if (!isOfType(stats, constants.S_IFREG)) return refuse("it is no regular file");
  return stats.size > limit ? refuse("it is larger than a compose file is") : null;
}

function refuse(reason: string): HostFile {
  return { fault: "unreadable", reason };
}
