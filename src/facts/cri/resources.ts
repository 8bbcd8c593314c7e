/** Limits, devices, environment and image of a container behind the CRI. */
import { EVERY_DEVICE } from "../container/every-device.ts";
import { usesTls } from "../docker-client.ts";
import { environmentEntry } from "../environment-entry.ts";
import { normalizePath } from "../host-path.ts";
import { parseImageReference } from "../image-reference.ts";
import type { Container, EnvironmentEntry } from "../model/container.ts";
import type { Part } from "../part.ts";
import { positive } from "../positive.ts";
import { booleanAt, listAt, numberAt, textAt, textMapAt, textsAt } from "../raw.ts";
import { type CriContext, criPlace, KUBELET, specPlace } from "./context.ts";

type Resources = Pick<
  Container,
  "devices" | "deviceCgroupRules" | "environment" | "dockerClientTls" | "limits" | "restart" | "logging" | "healthcheck" | "image" | "labels"
>;

export function deriveCriResources(context: CriContext, privileged: boolean): Part<Resources> {
  const environment = listEnvironment(context);
  const devices = listDevices(context);
  return {
    value: {
      devices: [...(privileged ? [EVERY_DEVICE] : []), ...devices.filter(({ asked }) => asked || !privileged).map(({ device }) => device)],
      deviceCgroupRules: privileged ? [] : listRules(context.spec),
      environment,
      dockerClientTls: usesTls(environment),
      limits: deriveLimits(context.spec),
      restart: { policy: "", maximumRetries: null },
      logging: { driver: "", maxSize: null },
      healthcheck: { configured: false, status: null },
      image: parseImageReference(findImage(context)),
      labels: textMapAt(context.inspect, "status", "labels"),
    },
    origins: {
      "/devices": specPlace(context, "linux.devices"),
      "/deviceCgroupRules": specPlace(context, "linux.resources.devices"),
      "/environment": specPlace(context, "process.env"),
      "/dockerClientTls": specPlace(context, "process.env"),
      "/limits/memory": specPlace(context, "linux.resources.memory.limit"),
      "/limits/cpus": specPlace(context, "linux.resources.cpu.quota"),
      "/limits/cpuset": specPlace(context, "linux.resources.cpu.cpus"),
      "/limits/pids": specPlace(context, "linux.resources.pids.limit"),
      "/limits/ulimits": specPlace(context, "process.rlimits"),
      "/image": criPlace(context, "status.image.image"),
      "/labels": criPlace(context, "status.labels"),
    },
    unknown: {
      ...(numberAt(context.spec, "linux", "resources", "pids", "limit") === null ? { "/limits/pids": "the kubelet limits the processes of a whole pod (podPidsLimit), and crictl does not tell" } : {}),
      "/restart": KUBELET, "/logging": KUBELET, "/healthcheck": KUBELET,
    },
  };
}

/** By what the user called it, where the runtime keeps that. */
function findImage({ inspect, spec }: CriContext): string | null {
  const names = [textAt(inspect, "status", "image", "userSpecifiedImage"), textAt(inspect, "status", "image", "image"), textAt(spec, "annotations", "io.kubernetes.cri.image-name")];
  return names.find((name) => name !== null && name !== "") ?? null;
}

/** The path is the host's where it was asked for by that (containerd), else the container's own name for it. */
function listDevices({ spec, config }: CriContext): { device: Container["devices"][number]; asked: boolean }[] {
  const asked = new Map(listAt(config, "devices").map((device) => [textAt(device, "container_path") ?? "", device]));
  const seen = new Set<string>();
  return listAt(spec, "linux", "devices").flatMap((device) => {
    const name = textAt(device, "path") ?? "";
    if (seen.has(name)) return [];
    seen.add(name);
    const wanted = asked.get(name);
    const path = normalizePath(textAt(wanted, "host_path") || name);
    return [{ device: { key: path, path, type: "path", permissions: textAt(wanted, "permissions") || "rwm" }, asked: wanted !== undefined }];
  });
}

/** What every container may use: null, zero, full, random, urandom, tty, console, ptmx, pts and, of runc of old, tun (runc, specconv, AllowedDevices). */
const EVERYONES = new Set(["c 1:3", "c 1:5", "c 1:7", "c 1:8", "c 1:9", "c 5:0", "c 5:1", "c 5:2", "c 136:*", "c 10:200"]);

/** Nodes may be made (`m`) of any device; devices that are listed have a rule each, which says nothing more. */
function listRules(spec: unknown): Container["deviceCgroupRules"] {
  const listed = new Set(listAt(spec, "linux", "devices").map((device) => `${textAt(device, "type") ?? ""} ${numberAt(device, "major") ?? "*"}:${numberAt(device, "minor") ?? "*"}`));
  return listAt(spec, "linux", "resources", "devices").flatMap((rule) => {
    const device = `${textAt(rule, "type") || "a"} ${wildcard(numberAt(rule, "major"))}:${wildcard(numberAt(rule, "minor"))}`;
    const access = textAt(rule, "access") ?? "";
    if (booleanAt(rule, "allow") !== true || access === "m" || EVERYONES.has(device) || listed.has(device)) return [];
    return [{ key: `${device} ${access}`, rule: `${device} ${access}` }];
  });
}

function wildcard(number: number | null): string {
  return number === null || number < 0 ? "*" : String(number);
}

function listEnvironment({ inspect, spec }: CriContext): EnvironmentEntry[] {
  const variables = textsAt(spec, "process", "env").map((entry) => {
    const [name = "", ...rest] = entry.split("=");
    return environmentEntry(name, rest.join("="), "environment");
  });
  const command = textsAt(spec, "process", "args").map((word, index) => environmentEntry(`argument ${index + 1}`, word, "command"));
  const labels = ["labels", "annotations"].flatMap((key) => Object.entries(textMapAt(inspect, "status", key)));
  return [...variables, ...command, ...labels.map(([name, value]) => environmentEntry(name, value, "label"))];
}

/** A pod's own slice is no limit: the kubelet gives it one only where all its containers have theirs. */
function deriveLimits(spec: unknown): Container["limits"] {
  const limit = (...path: readonly string[]): number | null => positive(numberAt(spec, "linux", "resources", ...path));
  const quota = limit("cpu", "quota");
  return {
    memory: limit("memory", "limit"),
    cpus: quota === null ? null : quota / (limit("cpu", "period") ?? 100_000),
    cpuset: textAt(spec, "linux", "resources", "cpu", "cpus") || null,
    pids: limit("pids", "limit"),
    cgroupParent: null,
    ulimits: listAt(spec, "process", "rlimits").map((entry) => (textAt(entry, "type") ?? "").replace(/^RLIMIT_/, "").toLowerCase()).sort(),
  };
}
