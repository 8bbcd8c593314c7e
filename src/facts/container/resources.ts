/** Limits, devices, sysctls, environment, logging, restart and health of a container. */
import type { Container, EnvironmentEntry } from "../model/container.ts";
import type { Part } from "../part.ts";
import { normalizePath } from "../host-path.ts";
import { booleanAt, entriesAt, listAt, numberAt, textAt, textMapAt, textsAt } from "../raw.ts";
import type { Place } from "../resource.ts";
import { usesTls } from "../docker-client.ts";
import { environmentEntry } from "../environment-entry.ts";
import { positive } from "../positive.ts";
import { parseImageReference } from "../image-reference.ts";
import type { EngineDefault } from "../engine-defaults.ts";
import { inspectPlace, type ContainerContext } from "./context.ts";
import { EVERY_DEVICE } from "./every-device.ts";
import { explainUntold } from "./untold.ts";
import { boundUlimits, type Ulimit } from "./ulimits.ts";

type Resources = Pick<
  Container,
  "devices" | "deviceCgroupRules" | "sysctls" | "environment" | "dockerClientTls" | "limits" | "restart" | "logging" | "healthcheck" | "image" | "labels"
>;

export function deriveResources(name: string, inspect: unknown, context: ContainerContext): Part<Resources> {
  const origins: Record<string, Place> = {
    "/devices": inspectPlace(name, "HostConfig.Devices"),
    "/deviceCgroupRules": inspectPlace(name, "HostConfig.DeviceCgroupRules"),
    "/sysctls": inspectPlace(name, "HostConfig.Sysctls"),
    "/environment": inspectPlace(name, "Config.Env"),
    "/dockerClientTls": inspectPlace(name, "Config.Env"),
    "/labels": inspectPlace(name, "Config.Labels"),
    "/limits/memory": inspectPlace(name, "HostConfig.Memory"),
    "/limits/cpus": inspectPlace(name, "HostConfig.NanoCpus"),
    "/limits/cpuset": inspectPlace(name, "HostConfig.CpusetCpus"),
    "/limits/pids": inspectPlace(name, "HostConfig.PidsLimit"),
    "/limits/cgroupParent": inspectPlace(name, "HostConfig.CgroupParent"),
    "/limits/ulimits": inspectPlace(name, "HostConfig.Ulimits"),
    "/restart": inspectPlace(name, "HostConfig.RestartPolicy"),
    "/logging": inspectPlace(name, "HostConfig.LogConfig"),
    "/healthcheck": inspectPlace(name, "Config.Healthcheck"),
    "/healthcheck/status": inspectPlace(name, "State.Health.Status"),
    "/image": inspectPlace(name, "Config.Image"),
  };
  const unknown: Record<string, string> = {};
  for (const [key, at] of [["Sysctls", "/sysctls"], ["DeviceCgroupRules", "/deviceCgroupRules"]] as const) {
    const reason = explainUntold(inspect, key);
    if (reason !== null) unknown[at] = reason;
  }
  const environment = listEnvironment(inspect);
  return {
    value: {
      devices: listDevices(inspect),
      deviceCgroupRules: textsAt(inspect, "HostConfig", "DeviceCgroupRules").map((rule) => ({ key: rule, rule })),
      sysctls: entriesAt(inspect, "HostConfig", "Sysctls").map(([key, value]) => ({ key, name: key, value: String(value) })),
      environment,
      dockerClientTls: usesTls(environment),
      limits: deriveLimits(inspect, context, origins, unknown),
      restart: {
        policy: textAt(inspect, "HostConfig", "RestartPolicy", "Name") || "no",
        maximumRetries: positive(numberAt(inspect, "HostConfig", "RestartPolicy", "MaximumRetryCount")),
      },
      logging: {
        driver: textAt(inspect, "HostConfig", "LogConfig", "Type") ?? "",
        maxSize: textMapAt(inspect, "HostConfig", "LogConfig", "Config")["max-size"] ?? null,
      },
      healthcheck: deriveHealthcheck(inspect),
      image: parseImageReference(textAt(inspect, "Config", "Image")),
      labels: textMapAt(inspect, "Config", "Labels"),
    },
    origins,
    unknown,
  };
}

function listDevices(inspect: unknown): Container["devices"] {
  const mapped = listAt(inspect, "HostConfig", "Devices").map((device) => {
    const path = normalizePath(textAt(device, "PathOnHost") ?? "");
    return { key: path, path, type: "path", permissions: textAt(device, "CgroupPermissions") ?? "" };
  });
  const requested = listAt(inspect, "HostConfig", "DeviceRequests").map((request) => {
    const ids = textsAt(request, "DeviceIDs");
    // A device of the Container Device Interface is a name by itself.
    if (textAt(request, "Driver") === "cdi") return { key: ids.join(" "), path: null, type: "request", permissions: "rwm" };
    const driver = textAt(request, "Driver") || listAt(request, "Capabilities").flat().join("+") || "device";
    return { key: `${driver} ${ids.length === 0 ? "all" : ids.join(" ")}`, path: null, type: "request", permissions: "rwm" };
  });
  const all = booleanAt(inspect, "HostConfig", "Privileged") === true ? [EVERY_DEVICE] : [];
  return [...all, ...mapped, ...requested];
}

function listEnvironment(inspect: unknown): EnvironmentEntry[] {
  const variables = textsAt(inspect, "Config", "Env").map((entry) => {
    const [name = "", ...rest] = entry.split("=");
    return environmentEntry(name, rest.join("="), "environment");
  });
  const words = [...textsAt(inspect, "Config", "Entrypoint"), ...textsAt(inspect, "Config", "Cmd")];
  const command = words.map((word, index) => environmentEntry(`argument ${index + 1}`, word, "command"));
  const labels = Object.entries(textMapAt(inspect, "Config", "Labels")).map(([name, value]) => environmentEntry(name, value, "label"));
  return [...variables, ...command, ...labels];
}

/** Docker writes 0 or a negative number for "none". The daemon's parent group holds where the container names none, its ulimits where they are not set. */
function deriveLimits(
  inspect: unknown, context: ContainerContext, origins: Record<string, Place>, unknown: Record<string, string>,
): Container["limits"] {
  const limit = (key: string): number | null => positive(numberAt(inspect, "HostConfig", key));
  const nano = limit("NanoCpus");
  const quota = limit("CpuQuota");
  const period = limit("CpuPeriod") ?? 100_000;
  return {
    memory: limit("Memory"),
    cpus: nano !== null ? nano / 1e9 : quota === null ? null : quota / period,
    cpuset: textAt(inspect, "HostConfig", "CpusetCpus") || null,
    pids: limit("PidsLimit"),
    cgroupParent: textAt(inspect, "HostConfig", "CgroupParent") || orDefault(context.defaults?.cgroupParent, "/limits/cgroupParent", origins, unknown),
    ulimits: boundUlimits(listUlimits(inspect), orDefault(context.defaults?.defaultUlimits, "/limits/ulimits", origins, unknown) ?? []),
  };
}

function orDefault<T>(
  byDefault: EngineDefault<T> | undefined, at: string, origins: Record<string, Place>, unknown: Record<string, string>,
): T | null {
  if (byDefault === undefined) return null;
  if (byDefault.unknown !== undefined) unknown[at] = byDefault.unknown;
  else if (byDefault.place !== undefined && byDefault.value !== null && [byDefault.value].flat().length > 0) origins[at] = byDefault.place;
  return byDefault.value;
}

/** A bound of -1 is none. */
function listUlimits(inspect: unknown): Ulimit[] {
  return listAt(inspect, "HostConfig", "Ulimits").map((entry) => ({ name: textAt(entry, "Name") ?? "", bounded: numberAt(entry, "Hard") !== -1 }));
}

/** `NONE` as the test switches the image's own check off. Without a check the state is `none`, or podman's empty one. */
function deriveHealthcheck(inspect: unknown): Container["healthcheck"] {
  const test = textsAt(inspect, "Config", "Healthcheck", "Test");
  const status = textAt(inspect, "State", "Health", "Status");
  return { configured: test.length > 0 && test[0] !== "NONE", status: status === "none" || status === "" ? null : status };
}
