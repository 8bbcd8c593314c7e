/** A container of podman's in Docker's words: what its Docker API leaves out or says otherwise than dockerd is taken from its own API. */
import type { Raw } from "../../snapshot/model.ts";
import type { Podman } from "./api.ts";
import { type CreateOptions, readCreateCommand } from "./create-command.ts";
import { publishPorts } from "./publish-ports.ts";
import { textOf, toList, toObject } from "./raw.ts";

/**
 * `inspect` is the answer of Docker's API, `own` that of podman's. `Untold` of the result names what neither tells, as keys of HostConfig. What the answers
 * hold is set down in libpod/container_inspect.go and container_inspect_linux.go, and tried with 4.3.
 */
export function completeContainer(inspect: Raw, own: Raw, podman: Pick<Podman, "release" | "info" | "networks">): Raw {
  const options = readCreateCommand(own);
  const ownHost = toObject(own["HostConfig"]);
  const host: Raw = {
    ...toObject(inspect["HostConfig"]),
    Runtime: textOf(own["OCIRuntime"]).split("/").at(-1) ?? "",
    CgroupnsMode: textOf(ownHost["CgroupMode"]),
    IDMappings: ownHost["IDMappings"] ?? null,
    LogConfig: completeLogging(toObject(inspect["HostConfig"])["LogConfig"], ownHost["LogConfig"]),
    Ulimits: toList(ownHost["Ulimits"]).map(nameUlimit),
    ...readCapabilities(toObject(inspect["HostConfig"])),
    ...completeOptions(toObject(inspect["HostConfig"]), options),
  };
  return { ...inspect, ...publishPorts(inspect, host, podman), Untold: listUntold(host, options, podman.release) };
}

/** Of a log that podman does not cut the size is `0B`, or `-1B` where that is the default of containers.conf. */
function completeLogging(logging: unknown, own: unknown): Raw {
  const size = textOf(toObject(own)["Size"]);
  return { ...toObject(logging), Config: /^[1-9]/.test(size) ? { "max-size": size } : {} };
}

/** `RLIMIT_NOFILE` is nofile. */
function nameUlimit(limit: unknown): Raw {
  return { ...toObject(limit), Name: textOf(toObject(limit)["Name"]).replace(/^RLIMIT_/, "").toLowerCase() };
}

/** What podman compares a container's bounding set with, whatever its own default is (runtime-tools, generate.New): Docker's default. */
const COMPARED = [
  "CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID", "SETFCAP", "SETPCAP", "NET_BIND_SERVICE", "SYS_CHROOT", "KILL", "AUDIT_WRITE",
];

/**
 * It tells what is lacking from that set and what is there beyond it, not what was asked for. `--cap-drop ALL --cap-add KILL` and thirteen single drops are the
 * same to it, and to the container: where more is lacking than kept, all were dropped and some added back.
 */
function readCapabilities({ CapAdd: add, CapDrop: drop, Privileged: privileged }: Raw): Raw {
  const lacking = toList(drop).map(textOf);
  const kept = COMPARED.filter((name) => !lacking.includes(name));
  if (privileged === true || lacking.length <= kept.length) return {};
  return { CapDrop: ["ALL"], CapAdd: [...kept, ...toList(add).map(textOf)] };
}

function completeOptions({ IpcMode: ipc, SecurityOpt: security }: Raw, options: CreateOptions | null): Raw {
  const unmasked = options?.unmasks === true || toList(security).some((option) => /^unmask=all$/i.test(textOf(option)));
  return {
    ...(options === null ? {} : { Sysctls: options.sysctls, DeviceCgroupRules: options.deviceCgroupRules }),
    ...(unmasked ? { MaskedPaths: [] } : {}),
    ...(options?.hostIpc === true ? { IpcMode: "host" } : { IpcMode: ipc }),
  };
}

/** From 4.4 on the host's ipc namespace is told, from 4.7 on that no path is masked. */
function listUntold({ IpcMode: ipc, MaskedPaths: masked }: Raw, options: CreateOptions | null, [major, minor]: Podman["release"]): string[] {
  if (options !== null) return [];
  const isBefore = (release: number): boolean => major < 4 || (major === 4 && minor < release);
  return [
    "Sysctls", "DeviceCgroupRules",
    ...(isBefore(7) && !Array.isArray(masked) ? ["MaskedPaths"] : []),
    ...(isBefore(4) && ipc === "shareable" ? ["IpcMode"] : []),
  ];
}
