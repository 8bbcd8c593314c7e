/** Which namespaces a service shares with the host or with another container. */
import { ASSUMED } from "../../facts/engine-defaults.ts";
import type { Container } from "../../facts/model/container.ts";
import { child, descend, type MapNode, type Node, relate, unknownsOf } from "../node.ts";
import { scalarAt, textAt } from "../values/read.ts";
import { findEngineNetwork } from "./engine-networks.ts";
import { describeVariables, type FactRecord, note, place, placeNode, takeDefault } from "./record.ts";

type Sharing = Pick<
  Container,
  "hostNetwork" | "hostPid" | "hostIpc" | "hostUts" | "hostUserns" | "cgroupNamespace" | "joinedNamespaces"
>;

const MODES = { hostNetwork: "network_mode", hostPid: "pid", hostIpc: "ipc", hostUts: "uts" } as const;

/** `model` is the whole project, since one service may join another's namespace. */
export function readNamespaces(record: FactRecord, model: MapNode, project: string): Sharing {
  const shared = (fact: keyof typeof MODES): boolean => {
    note(record, [fact], [MODES[fact]]);
    const followed = followMode(record.spec, MODES[fact], model);
    const own = child(record.spec, MODES[fact]);
    // Where another service decides, its word is related.
    if (own !== undefined && followed.decider !== undefined && followed.decider.at !== own.at) placeNode(record, `/${fact}`, relate(own, followed.decider.at));
    if (followed.unknown !== null) record.unknown[`/${fact}`] = followed.unknown;
    return followed.host;
  };
  const joined = findEngineNetwork(record.spec, model, "host");
  note(record, ["hostUserns"], ["userns_mode"]);
  note(record, ["cgroupNamespace"], ["cgroup"]);
  record.origins["/cgroupNamespace/available"] = ASSUMED;
  const hostNetwork = shared("hostNetwork");
  if (joined !== undefined) placeNode(record, "/hostNetwork", joined);
  return {
    hostNetwork,
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
  /** The mode at the end of the chain. */
  readonly decider?: Node;
}

/** More than anybody writes: a chain through all services would be followed from each of them. */
const MAX_STEPS = 100;

/** `service:X` stands for X's own mode, and so on; of a container outside the project nothing is known. */
function followMode(spec: MapNode, key: string, model: MapNode, steps = 0): Followed {
  const mode = scalarAt(spec, key) ?? (key === MODES.hostNetwork ? findEngineNetwork(spec, model, "host") : undefined);
  if (mode?.kind !== "scalar") return { host: false, unknown: null };
  if (mode.unknown !== undefined) return { host: false, unknown: describeVariables(mode.unknown), decider: mode };
  const text = typeof mode.value === "string" ? mode.value : "";
  if (text === "host") return { host: true, unknown: null, decider: mode };
  if (text.startsWith("container:")) return { host: false, unknown: `it joins the container ${text.slice("container:".length)}, which is not of this project` };
  if (!text.startsWith("service:")) return { host: false, unknown: null };
  const name = text.slice("service:".length);
  const other = descend(model, "services", name);
  if (other?.kind !== "map" || steps === MAX_STEPS) return { host: false, unknown: `it joins the service ${name}, which cannot be followed` };
  return followMode(other, key, model, steps + 1);
}

const NAMESPACES = [["network_mode", "network"], ["pid", "pid"], ["ipc", "ipc"]] as const;

function listJoined(record: FactRecord, project: string): Container["joinedNamespaces"] {
  const joined: Container["joinedNamespaces"] = [];
  place(record, ["joinedNamespaces"], ["network_mode"], ["pid"], ["ipc"]);
  for (const [key, namespace] of NAMESPACES) {
    const mode = textAt(record.spec, key) ?? "";
    const open = unknownsOf(child(record.spec, key)).length > 0;
    const [, kind, name = ""] = /^(service|container):(.*)$/.exec(mode) ?? [];
    if (kind === undefined && !open) continue;
    const at = ["joinedNamespaces", joined.length];
    // Which container it is may hang on a variable, and whether it is one at all.
    if (kind === undefined) note(record, at, [key]);
    else place(record, at, [key]);
    joined.push({ key: namespace, namespace, container: kind === "service" ? `${project}/${name}` : name });
  }
  return joined;
}
