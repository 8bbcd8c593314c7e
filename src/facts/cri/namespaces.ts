/** Which namespaces a container behind the CRI shares with the host. */
import type { Container } from "../model/container.ts";
import type { Part } from "../part.ts";
import { listAt, numberAt, textAt } from "../raw.ts";
import type { Place } from "../resource.ts";
import { type CriContext, criPlace, NO_POD, specPlace } from "./context.ts";

type Sharing = Pick<Container, "hostNetwork" | "hostPid" | "hostIpc" | "hostUts" | "hostUserns" | "cgroupNamespace" | "joinedNamespaces">;

/** `type` is that of the OCI, `option` that of the CRI: a pod with the host's network has its host name too (both runtimes see to it). */
const SHARED = [
  { fact: "hostNetwork", type: "network", option: "network" },
  { fact: "hostPid", type: "pid", option: "pid" },
  { fact: "hostIpc", type: "ipc", option: "ipc" },
  { fact: "hostUts", type: "uts", option: "network" },
] as const;

export function deriveCriNamespaces(context: CriContext): Part<Sharing> {
  const origins: Record<string, Place> = {};
  const unknown: Record<string, string> = {};
  const shares = SHARED.map(({ fact, type, option }) => {
    const { host, place } = findSharing(context, type, option);
    origins[`/${fact}`] = place;
    if (host === null) unknown[`/${fact}`] = `whose ${type} namespace it has is not told by its path; ${NO_POD}`;
    return [fact, host === true] as const;
  });
  const entries = listAt(context.spec, "linux", "namespaces");
  const ownCgroup = entries.some((entry) => textAt(entry, "type") === "cgroup");
  if (!ownCgroup) unknown["/cgroupNamespace/available"] = "whether the host has cgroup version 2 is not told by crictl";
  origins["/cgroupNamespace"] = specPlace(context, "linux.namespaces");
  return {
    value: {
      ...(Object.fromEntries(shares) as Record<(typeof SHARED)[number]["fact"], boolean>),
      // Users are mapped for a pod or not; there is no default of an engine's to opt out of.
      hostUserns: false,
      cgroupNamespace: { available: ownCgroup, host: !ownCgroup },
      joinedNamespaces: [],
    },
    origins,
    unknown,
  };
}

/** NODE of the CRI's NamespaceMode (cri-api, api.proto). */
const NODE = 2;

/**
 * What the runtime is not told to make or to join is the host's. A path of a process may lead anywhere: what was asked for tells, of the container
 * (containerd) or of its pod. Null where neither is known.
 */
function findSharing(context: CriContext, type: string, option: string): { host: boolean | null; place: Place } {
  const bySpec = specPlace(context, "linux.namespaces");
  const entry = listAt(context.spec, "linux", "namespaces").find((one) => textAt(one, "type") === type);
  if (entry === undefined) return { host: true, place: bySpec };
  const path = textAt(entry, "path") ?? "";
  if (!path.startsWith("/proc/")) return { host: false, place: bySpec };
  if (context.config !== undefined) {
    const asked = numberAt(context.config, "linux", "security_context", "namespace_options", option) ?? 0;
    return { host: asked === NODE, place: criPlace(context, `info.config.linux.security_context.namespace_options.${option}`) };
  }
  const ofPod = textAt(context.pod, "status", "linux", "namespaces", "options", option);
  return { host: ofPod === null ? null : ofPod === "NODE", place: bySpec };
}
