/** What a container's facts are joined with: indexes over the snapshot, built once for all containers. */
import { listDaemonPaths } from "../../snapshot/daemon-paths.ts";
import type { ContainerAnswer, HostData, ProcessData, Snapshot } from "../../snapshot/model.ts";
import { listContainerIds } from "../container-id.ts";
import { deriveDaemon } from "../daemon.ts";
import { type EngineDefaults, readDefaults } from "../engine-defaults.ts";
import { spellSockets } from "../engine-paths.ts";
import { spellPath } from "../host-path.ts";
import type { Part } from "../part.ts";
import { textAt, textsAt } from "../raw.ts";
import type { Place } from "../resource.ts";

export interface ContainerContext {
  readonly host: HostData | null;
  /** Null where there is no engine's daemon. */
  readonly defaults: EngineDefaults | null;
  /** When dockerd started, milliseconds since the epoch; null where that is not known. */
  readonly startedAt: number | null;
  /** docker info's SecurityOptions; null without info. */
  readonly securityOptions: readonly string[] | null;
  readonly info: unknown;
  readonly byId: ReadonlyMap<string, ContainerAnswer>;
  readonly idByName: ReadonlyMap<string, string>;
  readonly resourceIds: ReadonlyMap<string, string>;
  readonly processes: ReadonlyMap<string, ProcessData>;
  /** Namespaces of the engine's process; null where they could not be read. */
  readonly hostNamespaces: Readonly<Record<string, string | null>> | null;
  readonly networks: readonly unknown[];
  /** Why networks are not known; null when they are. */
  readonly networksUnknown: string | null;
  readonly volumes: ReadonlyMap<string, unknown>;
  readonly volumesUnknown: string | null;
  readonly realPaths: Readonly<Record<string, string | null>>;
  /** Why no real path is known; null when they are. */
  readonly realPathsUnknown: string | null;
  /** Unix sockets that this engine serves its API on. */
  readonly engineSockets: Part<{ engineSockets: string[] }>;
  /** Its data root, in the spellings that a mount may have. */
  readonly engineFolders: readonly string[];
}

export function buildContext(snapshot: Snapshot): ContainerContext {
  const { engine, containers, networks, volumes, processes, host, files, daemon } = snapshot.sources;
  const all = containers.data ?? [];
  const info = engine.data?.info ?? null;
  const [dockerd] = deriveDaemon(snapshot).resources;
  const defaults = dockerd === undefined ? null : readDefaults(dockerd);
  return {
    defaults,
    startedAt: daemon.data?.startedAt ?? null,
    host: engine.data?.local === true ? host.data : null,
    securityOptions: info === null ? null : textsAt(info, "SecurityOptions"),
    info,
    byId: new Map(all.map((container) => [container.id, container])),
    idByName: new Map(all.map((container) => [container.name, container.id])),
    resourceIds: listContainerIds(snapshot),
    processes: new Map((processes.data?.containers ?? []).map((process) => [process.containerId, process])),
    hostNamespaces: processes.data?.host ?? null,
    networks: networks.data ?? [],
    networksUnknown: networks.status === "ok" ? null : (networks.detail ?? networks.status),
    volumes: new Map((volumes.data ?? []).map((volume) => [textAt(volume, "Name") ?? "", volume])),
    volumesUnknown: volumes.status === "ok" ? null : (volumes.detail ?? volumes.status),
    realPaths: files.data?.realPaths ?? {},
    realPathsUnknown: files.data === null ? (files.detail ?? files.status) : null,
    engineSockets: listEngineSockets(snapshot.sources, defaults?.hosts.unknown),
    engineFolders: spellPath(textAt(info, "DockerRootDir") ?? "", undefined),
  };
}

/** The network that a container names, by id where it has one. */
export function findNetwork(context: ContainerContext, name: string, id: string | null): unknown {
  const byId = id === null || id === "" ? undefined : context.networks.find((network) => textAt(network, "Id") === id);
  return byId ?? context.networks.find((network) => textAt(network, "Name") === name);
}

/** Whether docker info lists `name=OPTION`. */
export function hasOption(context: ContainerContext, option: string): boolean {
  return context.securityOptions?.some((entry) => entry === `name=${option}` || entry.startsWith(`name=${option},`)) ?? false;
}

/** Where an inspect value stands: source and key in words that one can look up with `docker inspect NAME`. */
export function inspectPlace(name: string, key: string): Place {
  return { source: "containers", key: `${name} ${key}` };
}

export function processPlace(process: ProcessData, key: string): Place {
  return { source: "processes", key: `/proc/${process.pid}/${key}` };
}

/** Where harden reached the engine, and every socket that its flags and its file name, by every name; where it may serve on others the list is unknown. */
function listEngineSockets({ engine, daemon, files }: Snapshot["sources"], hostsUnknown: string | undefined): ContainerContext["engineSockets"] {
  const named = daemon.data === null ? [] : listDaemonPaths(daemon.data).sockets.map((path) => `unix://${path}`);
  const engineSockets = spellSockets([engine.data?.endpoint ?? "", ...named], files.data?.realPaths);
  return { value: { engineSockets }, unknown: hostsUnknown === undefined ? {} : { "/engineSockets": hostsUnknown } };
}
