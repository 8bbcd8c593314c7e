/** The engines that suites run against, where their programs are, and what this machine lacks of them. */
import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** 20.10 is Debian 12's docker.io, the others are built by .ci/provision. */
export type EngineVersion = "20.10" | "25" | "27" | "28" | "29";
/** Those that every suite runs against: the oldest and the newest. */
export const ENGINE_VERSIONS: readonly EngineVersion[] = ["20.10", "29"];
/** Those whose rules differ, for suites about the rules. */
export const RULE_VERSIONS: readonly EngineVersion[] = ["20.10", "25", "27", "28", "29"];

/** Only the system's folders, so that an odd program before them on the caller's PATH changes no result. */
const SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin";
const SYSTEM_PROGRAMS = ["docker", "containerd", "containerd-shim-runc-v2", "iptables", "ip6tables", "nft", "ip", "unshare", "nsenter", "busybox", "tar"];
const BUILT_PROGRAMS = ["dockerd", "runc", "docker-proxy"];
const PROVISION = fileURLToPath(new URL("../../.ci/provision", import.meta.url));

/** The PATH on which an engine's dockerd, runc and docker-proxy come first. */
export function findEnginePath(version: EngineVersion): string {
  return version === "20.10" ? SYSTEM_PATH : `${findBuiltFolder(version)}:${SYSTEM_PATH}`;
}

/** Debian's client, which all engines understand (API 1.41), whatever other client stands before it. */
export const DOCKER_CLIENT = "/usr/bin/docker";

/** Why this machine cannot run an engine, or null. */
export function findMissingOfEngine(version: EngineVersion): string | null {
  if (process.getuid?.() !== 0) return "needs root";
  const program = SYSTEM_PROGRAMS.find((name) => !isExecutableOn(SYSTEM_PATH, name));
  if (program !== undefined) return `needs the program ${program}`;
  if (version === "20.10") return isDebianEngine() ? null : "needs Debian 12's docker.io (20.10)";
  return BUILT_PROGRAMS.every((name) => isExecutableOn(findBuiltFolder(version), name)) ? null : `needs engine ${version}: run .ci/provision`;
}

/** .ci/provision alone knows which versions it builds and where. */
function findBuiltFolder(version: EngineVersion): string {
  return execFileSync(PROVISION, ["where", version], { encoding: "utf8" }).trim();
}

function isDebianEngine(): boolean {
  if (!isExecutableOn(SYSTEM_PATH, "dockerd")) return false;
  return execFileSync("dockerd", ["--version"], { encoding: "utf8", env: { PATH: SYSTEM_PATH } }).startsWith("Docker version 20.10.");
}

function isExecutableOn(path: string, program: string): boolean {
  return path.split(":").some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
