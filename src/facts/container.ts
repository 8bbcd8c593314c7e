/** Containers of a live engine: the engine's answer, the kernel's view and the daemon's defaults as one resource each. */
import type { ContainerAnswer, Snapshot } from "../snapshot/model.ts";
import { isPodman } from "../snapshot/podman.ts";
import { buildContext, type ContainerContext } from "./container/context.ts";
import { deriveConfinement, sayConfinement } from "./container/confinement.ts";
import { deriveKernelDrift } from "./container/kernel-drift.ts";
import { deriveListeners } from "./container/listeners.ts";
import { deriveMounts } from "./container/mounts.ts";
import { deriveNamespaces, nameJoined, saySharing } from "./container/namespaces.ts";
import { deriveNetworking } from "./container/networking.ts";
import { deriveResources } from "./container/resources.ts";
import { tieToCompose } from "./compose/tie.ts";
import { indexProjects } from "./compose/written.ts";
import { deriveCriContainer } from "./cri/container.ts";
import { NO_EXPOSURE } from "./exposure/none.ts";
import type { Container } from "./model/container.ts";
import { joinParts } from "./part.ts";
import { textAt, textMapAt } from "./raw.ts";
import type { Derived } from "./resource.ts";

const derived = new WeakMap<Snapshot, Derived<Container>>();

/** Derived once for a snapshot: ports, networks and the host are joined with them. */
export function deriveContainers(snapshot: Snapshot): Derived<Container> {
  const known = derived.get(snapshot) ?? deriveAll(snapshot);
  derived.set(snapshot, known);
  return known;
}

function deriveAll(snapshot: Snapshot): Derived<Container> {
  const { engine, containers } = snapshot.sources;
  const source = engine.status === "ok" || containers.status === "ok" ? containers : engine;
  const context = buildContext(snapshot);
  const projects = indexProjects(snapshot.sources);
  const users = indexImageUsers(snapshot);
  const podman = isPodman(engine.data?.version ?? null);
  const idOf = (reference: string): string => nameJoined(reference, context);
  const resources = (containers.data ?? []).map((answer) => {
    if (answer.pod !== undefined) return deriveCriContainer(answer);
    const container = deriveContainer(answer, context, snapshot.sources.processes);
    return tieToCompose(container, answer.inspect, projects, { imageUser: users.get(textAt(answer.inspect, "Image") ?? "") ?? null, idOf, podman });
  });
  return { resources, source: { status: source.status, detail: source.detail } };
}

function indexImageUsers({ sources: { images } }: Snapshot): ReadonlyMap<string, string> {
  return new Map((images.data ?? []).map((image) => [textAt(image, "Id") ?? "", textAt(image, "Config", "User") ?? ""]));
}

/** A container that could not be inspected is there, and nothing is known of it. */
function deriveContainer(answer: ContainerAnswer, context: ContainerContext, processes: Snapshot["sources"]["processes"]): Container {
  const { name, inspect, error } = answer;
  const process = context.processes.get(answer.id) ?? null;
  const confinement = deriveConfinement(name, inspect, process, context);
  const namespaces = deriveNamespaces(name, inspect, process, context);
  const networking = deriveNetworking(name, inspect, context);
  const mounts = deriveMounts(name, inspect, context);
  const resources = deriveResources(name, inspect, context);
  const said = { ...sayConfinement(inspect, context), ...saySharing(inspect, context) };
  const listeners = deriveListeners(inspect, process, { hostNetwork: namespaces.value.hostNetwork, ports: networking.value.ports, unknown: networking.unknown?.["/ports"] ?? null });
  const drift = deriveKernelDrift(inspect, process, said, context, processes);
  const sockets = context.engineSockets;
  const { origins, unknown } = joinParts([confinement, namespaces, networking, mounts, resources, drift, listeners, sockets]);
  const labels = textMapAt(inspect, "Config", "Labels");
  const id = context.resourceIds.get(answer.id) ?? name;
  const state = textAt(inspect, "State", "Status") ?? "";
  const isInfra = textAt(inspect, "InfraOf") !== null;
  return {
    kind: "container",
    id,
    // Anyone may set labels: only those that make the id make the name.
    name: isInfra ? id : id === name ? name : (labels["com.docker.compose.service"] ?? name),
    origins: { "": { source: "containers", key: name }, ...origins },
    unknown: inspect === null ? { "": error ?? "there is no inspect answer" } : unknown,
    state,
    running: state === "running" || state === "paused" || state === "restarting",
    role: isInfra ? "infra" : "service",
    project: labels["com.docker.compose.project"] || null,
    service: labels["com.docker.compose.service"] || null,
    profiles: [],
    active: true,
    ...sockets.value,
    engineFolders: [...context.engineFolders],
    projectFolders: [],
    exposure: NO_EXPOSURE,
    provider: null,
    build: { privileged: false, network: null, entitlements: [] },
    madeByCompose: false,
    composeDrift: [],
    ...confinement.value,
    ...namespaces.value,
    ...networking.value,
    ...mounts.value,
    ...resources.value,
    ...drift.value,
    ...listeners.value,
  };
}
