/** Which namespaces a container shares with the host or with another container. */
import type { ProcessData } from "../../snapshot/model.ts";
import type { Container } from "../model/container.ts";
import type { Part } from "../part.ts";
import { textAt } from "../raw.ts";
import type { Place } from "../resource.ts";
import { inspectPlace, processPlace, type ContainerContext } from "./context.ts";
import { explainUntold } from "./untold.ts";

type Sharing = Pick<
  Container,
  "hostNetwork" | "hostPid" | "hostIpc" | "hostUts" | "hostUserns" | "cgroupNamespace" | "joinedNamespaces"
>;

/** HostConfig's key and the name in /proc/PID/ns of each namespace that can be shared. */
const MODES = {
  hostNetwork: ["NetworkMode", "net"],
  hostPid: ["PidMode", "pid"],
  hostIpc: ["IpcMode", "ipc"],
  hostUts: ["UTSMode", "uts"],
} as const;

export function deriveNamespaces(name: string, inspect: unknown, process: ProcessData | null, context: ContainerContext): Part<Sharing> {
  const origins: Record<string, Place> = {};
  const unknown: Record<string, string> = {};
  const shared = (fact: keyof typeof MODES): boolean => {
    const [mode, namespace] = MODES[fact];
    origins[`/${fact}`] = inspectPlace(name, `HostConfig.${mode}`);
    const followed = followMode(inspect, mode, context, 0);
    if (followed === "host") return true;
    const seen = process === null ? null : sharesWithHost(process, namespace, context);
    if (process !== null && seen === true) {
      origins[`/${fact}`] = processPlace(process, `ns/${namespace}`);
      return true;
    }
    if (followed === "unknown" && seen === null) unknown[`/${fact}`] = explainUntold(inspect, mode) ?? "it joins a namespace that no container which the engine lists has made";
    return false;
  };
  return {
    value: {
      hostNetwork: shared("hostNetwork"),
      hostPid: shared("hostPid"),
      hostIpc: shared("hostIpc"),
      hostUts: shared("hostUts"),
      hostUserns: optsOutOfRemap(name, inspect, context, origins, unknown),
      cgroupNamespace: deriveCgroup(name, inspect, context, origins, unknown),
      joinedNamespaces: listJoined(name, inspect, context, origins),
    },
    origins,
    unknown,
  };
}

/** By the engine's answer alone, the names in /proc/PID/ns of namespaces that are the host's, and of those that joining leaves open. */
export function saySharing(inspect: unknown, context: ContainerContext): { shared: ReadonlySet<string>; open: ReadonlySet<string> } {
  const followed = Object.values(MODES).map(([mode, namespace]) => [namespace, followMode(inspect, mode, context, 0)] as const);
  const having = (answer: string): Set<string> => new Set(followed.filter(([, one]) => one === answer).map(([namespace]) => namespace));
  return { shared: having("host"), open: having("unknown") };
}

const MAXIMUM_HOPS = 64;

/** Follows `container:X` to the mode at its end: "host", "own", or "unknown" where X is not there, or with podman's `ns:PATH`. */
function followMode(inspect: unknown, mode: string, context: ContainerContext, hops: number): "host" | "own" | "unknown" {
  const value = textAt(inspect, "HostConfig", mode) ?? "";
  if (value === "host") return "host";
  if (value.startsWith("ns:") || explainUntold(inspect, mode) !== null) return "unknown";
  if (!value.startsWith(JOINS)) return "own";
  const other = findJoined(value.slice(JOINS.length), context);
  if (other === null || hops >= MAXIMUM_HOPS) return "unknown";
  return followMode(other.inspect, mode, context, hops + 1);
}

const JOINS = "container:";

/** By name, id or a prefix of the id, as the engine takes it. */
function findJoined(wanted: string, context: ContainerContext): { id: string; name: string; inspect: unknown } | null {
  const exact = context.byId.get(context.idByName.get(wanted) ?? wanted);
  const found = exact ?? [...context.byId.values()].find((container) => wanted !== "" && container.id.startsWith(wanted));
  return found === undefined || found.inspect === null ? null : found;
}

/** Whether the kernel shows one namespace for both; null where it could not be seen. */
function sharesWithHost(process: ProcessData, namespace: string, context: ContainerContext): boolean | null {
  const own = process.namespaces[namespace] ?? null;
  const host = context.hostNamespaces?.[namespace] ?? null;
  return own === null || host === null ? null : own === host;
}

function optsOutOfRemap(
  name: string, inspect: unknown, context: ContainerContext, origins: Record<string, Place>, unknown: Record<string, string>,
): boolean {
  origins["/hostUserns"] = inspectPlace(name, "HostConfig.UsernsMode");
  if (textAt(inspect, "HostConfig", "UsernsMode") !== "host") return false;
  if (context.securityOptions === null) unknown["/hostUserns"] = "docker info, which tells whether users are remapped, was not read";
  return context.securityOptions?.some((option) => option.startsWith("name=userns")) ?? false;
}

/** On cgroup v1 the engine's default is the host's namespace and little follows from it. */
function deriveCgroup(
  name: string, inspect: unknown, context: ContainerContext, origins: Record<string, Place>, unknown: Record<string, string>,
): Container["cgroupNamespace"] {
  origins["/cgroupNamespace"] = inspectPlace(name, "HostConfig.CgroupnsMode");
  const version = textAt(context.info, "CgroupVersion");
  if (version === null && context.info === null) unknown["/cgroupNamespace/available"] = "docker info, which tells the cgroup version, was not read";
  return { available: version === "2", host: textAt(inspect, "HostConfig", "CgroupnsMode") === "host" };
}

function listJoined(
  name: string, inspect: unknown, context: ContainerContext, origins: Record<string, Place>,
): Container["joinedNamespaces"] {
  const joined: Container["joinedNamespaces"] = [];
  for (const [mode, namespace] of [["NetworkMode", "network"], ["PidMode", "pid"], ["IpcMode", "ipc"]] as const) {
    const value = textAt(inspect, "HostConfig", mode) ?? "";
    if (!value.startsWith(JOINS)) continue;
    origins[`/joinedNamespaces/${joined.length}`] = inspectPlace(name, `HostConfig.${mode}`);
    joined.push({ key: namespace, namespace, container: nameJoined(value.slice(JOINS.length), context) });
  }
  return joined;
}

/** The id of the container that the engine takes a name or an id for; itself where there is none. */
export function nameJoined(reference: string, context: ContainerContext): string {
  const other = findJoined(reference, context);
  return other === null ? reference : (context.resourceIds.get(other.id) ?? other.name);
}
