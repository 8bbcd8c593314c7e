/** Containers of containerd, CRI-O and others behind the Kubernetes Container Runtime Interface, as crictl tells of them. */
import type { ContainerAnswer } from "../../snapshot/model.ts";
import { NO_EXPOSURE } from "../exposure/none.ts";
import type { Container } from "../model/container.ts";
import { joinParts } from "../part.ts";
import { at, textAt } from "../raw.ts";
import { deriveCriConfinement } from "./confinement.ts";
import { type CriContext, readCri } from "./context.ts";
import { deriveCriMounts } from "./mounts.ts";
import { deriveCriNamespaces } from "./namespaces.ts";
import { deriveCriNetworking } from "./networking.ts";
import { deriveCriResources } from "./resources.ts";

const UNSEEN = "its process was not looked at: crictl tells what the runtime was told";

export function deriveCriContainer(answer: ContainerAnswer): Container {
  const context = readCri(answer);
  const confinement = deriveCriConfinement(context);
  const namespaces = deriveCriNamespaces(context);
  const networking = deriveCriNetworking(context, namespaces.value.hostNetwork);
  const mounts = deriveCriMounts(context);
  const resources = deriveCriResources(context, confinement.value.privileged);
  const { origins, unknown } = joinParts([confinement, namespaces, networking, mounts, resources]);
  const { name } = answer;
  const state = readState(context);
  return {
    kind: "container",
    id: name,
    name,
    origins: { "": { source: "containers", key: name }, ...origins },
    unknown: explainUntold(context) ?? { ...unknown, "/listeners": UNSEEN, "/kernelDrift": UNSEEN },
    state,
    running: state === "running",
    role: "service",
    project: null,
    service: null,
    profiles: [],
    active: true,
    engineSockets: [],
    engineFolders: [],
    projectFolders: [],
    exposure: NO_EXPOSURE,
    provider: null,
    build: { privileged: false, network: null, entitlements: [] },
    listeners: [],
    kernelDrift: [],
    madeByCompose: false,
    composeDrift: [],
    ...confinement.value,
    ...namespaces.value,
    ...networking.value,
    ...mounts.value,
    ...resources.value,
  };
}

/** Null where the runtime was told how to confine a container of Linux, and crictl tells of it. */
function explainUntold({ spec }: CriContext): Readonly<Record<string, string>> | null {
  if (spec === undefined) return { "": "crictl was asked without info.runtimeSpec, which crictl inspect prints unless it is told to be quiet" };
  return at(spec, "linux") === undefined ? { "": "it is no container of Linux: info.runtimeSpec has nothing for it" } : null;
}

/** `CONTAINER_RUNNING`, `CONTAINER_EXITED` … (cri-api, ContainerState). */
function readState({ inspect }: CriContext): string {
  return (textAt(inspect, "status", "state") ?? "").replace(/^CONTAINER_/, "").toLowerCase();
}
