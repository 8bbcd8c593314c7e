/** Which namespaces a service shares with the host or with another container. */
import { ASSUMED } from "../../facts/engine-defaults.ts";
import type { Container } from "../../facts/model/container.ts";
import { child, type MapNode } from "../node.ts";
import { scalarAt, textAt } from "../values/read.ts";
import { describeVariables, type FactRecord, note, noteUnknown, place, takeDefault } from "./record.ts";

type Sharing = Pick<
  Container,
  "hostNetwork" | "hostPid" | "hostIpc" | "hostUts" | "hostUserns" | "cgroupNamespace" | "joinedNamespaces"
>;

const MODES = { hostNetwork: "network_mode", hostPid: "pid", hostIpc: "ipc", hostUts: "uts" } as const;

/** `services` are all of the project, since one may join another's namespace. */
export function readNamespaces(record: FactRecord, services: MapNode | null, project: string): Sharing {
  const shared = (fact: keyof typeof MODES): boolean => {
    note(record, [fact], [MODES[fact]]);
    const followed = followMode(record.spec, MODES[fact], services, new Set());
    if (followed.unknown !== null) record.unknown[`/${fact}`] = followed.unknown;
    return followed.host;
  };
  note(record, ["hostUserns"], ["userns_mode"]);
  note(record, ["cgroupNamespace"], ["cgroup"]);
  record.origins["/cgroupNamespace/available"] = ASSUMED;
  return {
    hostNetwork: shared("hostNetwork"),
    hostPid: shared("hostPid"),
    hostIpc: shared("hostIpc"),
    hostUts: shared("hostUts"),
    hostUserns: textAt(record.spec, "userns_mode") === "host",
    cgroupNamespace: { available: true, host: (textAt(record.spec, "cgroup") || takeDefault(record, "/cgroupNamespace/host", "cgroupNamespace")) === "host" },
    joinedNamespaces: listJoined(record, project),
  };
}

interface Followed {
  readonly host: boolean;
  readonly unknown: string | null;
}

/** `service:X` stands for X's own mode, and so on; of a container outside the project nothing is known. */
function followMode(spec: MapNode, key: string, services: MapNode | null, seen: Set<string>): Followed {
  const mode = scalarAt(spec, key);
  if (mode?.unknown !== undefined) return { host: false, unknown: describeVariables(mode.unknown) };
  const text = typeof mode?.value === "string" ? mode.value : "";
  if (text === "host") return { host: true, unknown: null };
  if (text.startsWith("container:")) return { host: false, unknown: `it joins the container ${text.slice("container:".length)}, which is not of this project` };
  if (!text.startsWith("service:")) return { host: false, unknown: null };
  const name = text.slice("service:".length);
  const other = services === null ? undefined : child(services, name);
  if (other?.kind !== "map" || seen.has(name)) return { host: false, unknown: `it joins the service ${name}, which cannot be followed` };
  return followMode(other, key, services, seen.add(name));
}

const NAMESPACES = [["network_mode", "network"], ["pid", "pid"], ["ipc", "ipc"]] as const;

function listJoined(record: FactRecord, project: string): Container["joinedNamespaces"] {
  const joined: Container["joinedNamespaces"] = [];
  place(record, ["joinedNamespaces"], ["network_mode"], ["pid"], ["ipc"]);
  for (const [key, namespace] of NAMESPACES) {
    const mode = textAt(record.spec, key) ?? "";
    const [, kind, name = ""] = /^(service|container):(.*)$/.exec(mode) ?? [];
    if (kind === undefined) {
      noteUnknown(record, "/joinedNamespaces", child(record.spec, key));
      continue;
    }
    note(record, ["joinedNamespaces", joined.length], [key]);
    joined.push({ key: namespace, namespace, container: kind === "service" ? `${project}/${name}` : name });
  }
  return joined;
}
