/** This machine, and with which rights it is looked at. */
import { existsSync, readFileSync, readlinkSync, statfsSync } from "node:fs";
import { hostname, machine, release } from "node:os";
import type { Answer, DataOf } from "../snapshot/model.ts";
import { fromError, ok } from "./answer.ts";
import { readTextFile } from "./text-file.ts";

/** The initial user namespace's inode is a constant of the kernel: PROC_USER_INIT_INO, 0xEFFFFFFD. */
const INITIAL_USER_NAMESPACE = "user:[4026531837]";

/** CGROUP2_SUPER_MAGIC and, for version 1, TMPFS_MAGIC of the folder that holds the controllers (statfs(2), cgroups(7)). */
const CGROUP_VERSIONS: ReadonlyMap<number, 1 | 2> = new Map([[0x63677270, 2], [0x01021994, 1]]);

export function collectHost(): Promise<Answer<DataOf<"host">>> {
  return Promise.resolve(readHost());
}

function readHost(): Answer<DataOf<"host">> {
  try {
    return ok({
      hostname: hostname(),
      machine: readMachine(),
      kernel: release(),
      architecture: machine(),
      os: readOsName(),
      uid: process.geteuid?.() ?? 0,
      initialUserNamespace: readlinkSync("/proc/self/ns/user") === INITIAL_USER_NAMESPACE,
      lsm: readSecurityModules(),
      cgroupVersion: readCgroupVersion(),
    });
  } catch (error) {
    return fromError(error, "reading what this machine is");
  }
}

function readMachine(): string | null {
  const words = ["sys_vendor", "product_name"].flatMap((name) => readIfThere(`/sys/class/dmi/id/${name}`) ?? []).filter((word) => word !== "");
  return words.length === 0 ? null : words.join(" ");
}

/** os-release(5): /etc first, then /usr/lib; values may be quoted. */
function readOsName(): string | null {
  const { text } = [readTextFile("/etc/os-release"), readTextFile("/usr/lib/os-release")].find((file) => file.text !== null) ?? { text: null };
  const value = /^PRETTY_NAME=(.*)$/m.exec(text ?? "")?.[1]?.trim();
  return value?.replace(/^(["'])(.*)\1$/, "$2").replace(/\\(.)/g, "$1") ?? null;
}

/**
 * securityfs lists them all. Where it is not mounted, sysfs still tells of the two that confine containers, and that neither is
 * there; without sysfs nothing is known.
 */
function readSecurityModules(): string[] | null {
  const listed = readIfThere("/sys/kernel/security/lsm");
  if (listed !== null) return listed.split(",").filter((name) => name !== "");
  if (!existsSync("/sys/module/kernel")) return null;
  const apparmor = readIfThere("/sys/module/apparmor/parameters/enabled") === "Y";
  const selinux = existsSync("/sys/fs/selinux/enforce");
  return [...(apparmor ? ["apparmor"] : []), ...(selinux ? ["selinux"] : [])];
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return null;
  }
}

function readCgroupVersion(): 1 | 2 | null {
  try {
    return CGROUP_VERSIONS.get(statfsSync("/sys/fs/cgroup").type) ?? null;
  } catch {
    return null;
  }
}
