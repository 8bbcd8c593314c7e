/** Privilege, user, capabilities and what confines a container: engine's answer and kernel's view joined. */
import type { Container } from "../model/container.ts";
import type { Part } from "../part.ts";
import { at, booleanAt, listAt, textAt, textsAt } from "../raw.ts";
import type { Place } from "../resource.ts";
import type { ProcessData } from "../../snapshot/model.ts";
import { decodeCapabilities, grantCapabilities, normalizeCapability, orderCapabilities } from "../capabilities.ts";
import { hasOption, inspectPlace, processPlace, type ContainerContext } from "./context.ts";
import { deriveNoNewPrivileges } from "./no-new-privileges.ts";
import { parseSecurityOptions, type SecurityOptions } from "./security-options.ts";
import { explainUntold } from "./untold.ts";
import { deriveUser } from "./user.ts";

type Confinement = Pick<
  Container,
  "privileged" | "user" | "noNewPrivileges" | "capabilities" | "seccomp" | "apparmor" | "selinux" | "systemPathsUnconfined" | "readOnlyRoot"
>;

export function deriveConfinement(name: string, inspect: unknown, process: ProcessData | null, context: ContainerContext): Part<Confinement> {
  const privileged = booleanAt(inspect, "HostConfig", "Privileged") ?? false;
  const options = parseSecurityOptions(textsAt(inspect, "HostConfig", "SecurityOpt"));
  const origins: Record<string, Place> = {
    "/privileged": inspectPlace(name, "HostConfig.Privileged"),
    "/readOnlyRoot": inspectPlace(name, "HostConfig.ReadonlyRootfs"),
    "/seccomp": inspectPlace(name, "HostConfig.SecurityOpt"),
    "/apparmor": inspectPlace(name, "HostConfig.SecurityOpt"),
    "/selinux": inspectPlace(name, "HostConfig.SecurityOpt"),
    "/systemPathsUnconfined": inspectPlace(name, "HostConfig.MaskedPaths"),
    "/capabilities": inspectPlace(name, "HostConfig.CapAdd"),
    "/capabilities/drop": inspectPlace(name, "HostConfig.CapDrop"),
    "/capabilities/dropsAll": inspectPlace(name, "HostConfig.CapDrop"),
  };
  const unknown: Record<string, string> = {};
  return {
    value: {
      privileged,
      user: deriveUser(name, inspect, process, context, origins, unknown),
      noNewPrivileges: deriveNoNewPrivileges(name, inspect, options, process, context, origins, unknown),
      capabilities: deriveCapabilities(inspect, privileged, process, origins),
      seccomp: deriveSeccomp(privileged, options, process, context, origins, unknown),
      apparmor: deriveApparmor(inspect, privileged, options, process, context, origins, unknown),
      selinux: deriveSelinux(name, inspect, privileged, options, process, context, origins, unknown),
      systemPathsUnconfined: privileged || areSystemPathsOpen(inspect, process, origins, unknown),
      readOnlyRoot: booleanAt(inspect, "HostConfig", "ReadonlyRootfs") ?? false,
    },
    origins,
    unknown,
  };
}

/** By the engine's answer alone: the capabilities that it grants, and whether it has the kernel filter system calls. */
export function sayConfinement(inspect: unknown, context: ContainerContext): { granted: readonly string[]; seccomp: boolean } {
  const privileged = booleanAt(inspect, "HostConfig", "Privileged") ?? false;
  const options = parseSecurityOptions(textsAt(inspect, "HostConfig", "SecurityOpt"));
  const [add, drop] = [textsAt(inspect, "HostConfig", "CapAdd"), textsAt(inspect, "HostConfig", "CapDrop")].map((names) => names.map(normalizeCapability));
  return { granted: grantCapabilities(privileged, add ?? [], drop ?? []), seccomp: hasOption(context, "seccomp") && !isSeccompOff(privileged, options, context) };
}

function isSeccompOff(privileged: boolean, options: SecurityOptions, context: ContainerContext): boolean {
  const byDefault = context.securityOptions?.some((option) => /^name=seccomp\b.*profile=unconfined/.test(option)) ?? false;
  return privileged || (options.seccomp === null ? byDefault : options.seccomp === "unconfined");
}

/** What the engine grants, and what the kernel's bounding set has besides. */
function deriveCapabilities(
  inspect: unknown, privileged: boolean, process: ProcessData | null, origins: Record<string, Place>,
): Container["capabilities"] {
  const add = textsAt(inspect, "HostConfig", "CapAdd").map(normalizeCapability);
  const drop = textsAt(inspect, "HostConfig", "CapDrop").map(normalizeCapability);
  const granted = grantCapabilities(privileged, add, drop);
  const bounding = process?.capBounding === null || process === null ? [] : decodeCapabilities(process.capBounding);
  if (process !== null && bounding.some((capability) => !granted.includes(capability))) {
    origins["/capabilities/effective"] = processPlace(process, "status CapBnd");
  }
  return { add, drop, dropsAll: drop.includes("ALL") && !add.includes("ALL"), effective: orderCapabilities([...granted, ...bounding]) };
}

function deriveSeccomp(
  privileged: boolean, options: SecurityOptions, process: ProcessData | null, context: ContainerContext,
  origins: Record<string, Place>, unknown: Record<string, string>,
): Container["seccomp"] {
  const configured = isSeccompOff(privileged, options, context);
  const open = process?.seccomp === 0;
  if (process !== null && open && !configured) origins["/seccomp/unconfined"] = processPlace(process, "status Seccomp");
  if (context.securityOptions === null) unknown["/seccomp/available"] = "docker info, which tells whether the host has seccomp, was not read";
  return { available: hasOption(context, "seccomp"), unconfined: configured || open };
}

function deriveApparmor(
  inspect: unknown, privileged: boolean, options: SecurityOptions, process: ProcessData | null, context: ContainerContext,
  origins: Record<string, Place>, unknown: Record<string, string>,
): Container["apparmor"] {
  const available = hasOption(context, "apparmor");
  if (context.securityOptions === null) unknown["/apparmor/available"] = "docker info, which tells whether the host has AppArmor, was not read";
  const configured = privileged || options.apparmor === "unconfined" || textAt(inspect, "AppArmorProfile") === "unconfined";
  const open = available && process?.label === "unconfined";
  if (process !== null && open && !configured) origins["/apparmor/unconfined"] = processPlace(process, "attr/current");
  return { available, unconfined: configured || open };
}

/**
 * On an SELinux host without --selinux-enabled no container is separated: that is switched off too. So it is by the host's pid or ipc namespace, unless an
 * own label option is given (moby, generateSecurityOpt).
 */
function deriveSelinux(
  name: string, inspect: unknown, privileged: boolean, options: SecurityOptions, process: ProcessData | null, context: ContainerContext,
  origins: Record<string, Place>, unknown: Record<string, string>,
): Container["selinux"] {
  const byEngine = hasOption(context, "selinux");
  const onHost = context.host?.lsm?.includes("selinux") ?? false;
  if (context.securityOptions === null) unknown["/selinux/available"] = "docker info, which tells whether the host has SELinux, was not read";
  const type = process?.label?.split(":")[2] ?? "";
  const open = (byEngine || onHost) && (type === "spc_t" || type.startsWith("unconfined"));
  if (process !== null && open) origins["/selinux/disabled"] = processPlace(process, "attr/current");
  if (onHost && !byEngine) origins["/selinux/disabled"] = { source: "engine", key: "info.SecurityOptions" };
  const shared = ["PidMode", "IpcMode"].find((mode) => textAt(inspect, "HostConfig", mode) === "host");
  if (shared !== undefined && !options.labelGiven) origins["/selinux/disabled"] = inspectPlace(name, `HostConfig.${shared}`);
  const configured = privileged || options.labelDisabled || (shared !== undefined && !options.labelGiven);
  return { available: byEngine || onHost, disabled: configured || (onHost && !byEngine) || open };
}

/** `systempaths=unconfined` reaches the engine as an empty, not an absent, list of masked paths (docker/cli, opts parsing). Where it is not told the mounts are asked. */
function areSystemPathsOpen(inspect: unknown, process: ProcessData | null, origins: Record<string, Place>, unknown: Record<string, string>): boolean {
  const untold = explainUntold(inspect, "MaskedPaths");
  if (untold === null) return Array.isArray(at(inspect, "HostConfig", "MaskedPaths")) && listAt(inspect, "HostConfig", "MaskedPaths").length === 0;
  const mounts = process?.maskedPaths ?? null;
  if (process === null || mounts === null) {
    unknown["/systemPathsUnconfined"] = untold;
    return false;
  }
  origins["/systemPathsUnconfined"] = processPlace(process, "mountinfo");
  return !COVERED.every((path) => mounts.some((mount) => mount.startsWith(`${path} `)));
}

/** Paths of every kernel that an engine of the runc family write-protects or hides by a mount of their own (containers/common, podman's specgen). */
const COVERED = ["/proc/sys", "/proc/sysrq-trigger"];
