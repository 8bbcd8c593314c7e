/** On which file system a path lies. */
import { closeSync, openSync, readFileSync } from "node:fs";

/** O_PATH of open(2), which asks for no permission on the file itself; Node does not name it (asm-generic/fcntl.h). */
const O_PATH = 0o10000000;

/**
 * The device number of the mount that holds the path (proc(5): mnt_id of fdinfo, the third field of mountinfo), links followed; null where that cannot be
 * told. What stat(2) says will not do: each subvolume of a btrfs has a number of its own there (btrfs_getattr), and shares its room with the others.
 */
export function findFileSystem(path: string): number | null {
  try {
    const descriptor = openSync(path, O_PATH);
    try {
      const mount = /^mnt_id:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, "utf8"))?.[1];
      return findDevice(readFileSync("/proc/self/mountinfo", "utf8"), mount);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return null;
  }
}

/** Bits of a minor number (include/linux/kdev_t.h). */
const MINOR_BITS = 20;

function findDevice(mountinfo: string, mount: string | undefined): number | null {
  const [, , device = ""] = mountinfo.split("\n").map((line) => line.split(" ")).find(([id]) => id === mount) ?? [];
  const [, major, minor] = /^(\d+):(\d+)$/.exec(device) ?? [];
  return major === undefined || minor === undefined ? null : Number(major) * 2 ** MINOR_BITS + Number(minor);
}
