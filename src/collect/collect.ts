/**
 * Takes a snapshot: all sources side by side, each alone in its file, each bounded in time and able to fail without the others.
 *
 * Which processes are containers follows from the engine's answers, and whose network namespace counts from who owns its socket. Host
 * sources are joined with it only if it is proved to run on this machine.
 */
import { setImmediate } from "node:timers/promises";
import type { Answer, DataOf, Snapshot, SourceName, Sources } from "../snapshot/model.ts";
import { SNAPSHOT_VERSION } from "../snapshot/version.ts";
import { absent, denied } from "./answer.ts";
import { startAroundEngine, type AroundEngine } from "./around-engine.ts";
import { connectEngine } from "./client.ts";
import { collectContainers } from "./containers.ts";
import { finishConntrack, startConntrack } from "./conntrack.ts";
import { findEndpoint, type Endpoint } from "./endpoint.ts";
import { collectEngine, listPids } from "./engine.ts";
import { collectFiles } from "./files.ts";
import { guard } from "./guard.ts";
import { collectHost } from "./host.ts";
import { collectImages, collectNetworks, collectVolumes } from "./inventory.ts";
import { listLinkedPaths } from "./linked-paths.ts";
import { isContainerProcess, locateEngine, type Locality } from "./locality.ts";
import { collectProcesses } from "./processes.ts";
import { collectResolvers } from "./resolvers.ts";
import { SOURCE_TIMEOUT, type Subject } from "./subject.ts";
import { collectSysctl } from "./sysctl.ts";

export interface CollectOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Sysctl keys (globs) to read in each container's network namespace; the host's are all read. */
  readonly sysctls: readonly string[];
  readonly tool: Snapshot["tool"];
  readonly progress: (text: string) => void;
  readonly now: () => Date;
}

type EngineSources = Pick<Sources, "engine" | "containers" | "networks" | "volumes">;
type HostSources = Omit<Sources, keyof EngineSources | "images">;

export async function collectSnapshot(options: CollectOptions): Promise<Snapshot> {
  const endpoint = findEndpoint(options.environment);
  const asking = askEngine(endpoint, options);
  const early = await lookEarly(endpoint);
  const { sources, images } = await asking;
  const subject = await findSubject(endpoint, sources, early);
  options.progress("reading this host …");
  const host = typeof subject === "string" ? await keepApart(subject) : await readHost(subject, sources, early, options);
  const all = { ...sources, ...host, images: await images };
  return {
    schemaVersion: SNAPSHOT_VERSION,
    tool: options.tool,
    collectedAt: options.now().toISOString(),
    sources: Object.fromEntries(ORDER.map((name) => [name, all[name]])) as Sources,
  };
}

/** The order of the document: what was asked for first stands first. */
const ORDER: readonly SourceName[] = [
  "host", "engine", "containers", "networks", "volumes", "images", "processes", "daemon", "iptables", "ipset", "nftables", "saved-rules",
  "addresses", "sysctl", "boot", "conntrack", "resolvers", "files",
];

async function askEngine(
  endpoint: Endpoint, { progress }: CollectOptions,
): Promise<{ sources: EngineSources; images: Promise<Sources["images"]> }> {
  const client = connectEngine(endpoint, SOURCE_TIMEOUT);
  progress(`asking the engine at ${endpoint.url} …`);
  const count = (done: number, all: number): void => { progress(`inspecting containers … ${done} of ${all}`); };
  const [engine, containers, networks, volumes] = await Promise.all([
    collectEngine(client, endpoint),
    collectContainers(client, endpoint, count),
    collectNetworks(client, endpoint),
    collectVolumes(client, endpoint),
  ]);
  const images = containers.status === "ok" || containers.data !== null
    ? collectImages(client, containers.data ?? [])
    : Promise.resolve({ status: containers.status, detail: containers.detail, data: null });
  return { sources: { engine, containers, networks, volumes }, images };
}

/** While the engine is asked: which process it is, where its socket tells, and what can be read for knowing that. */
interface Early {
  readonly locality: Locality;
  readonly around: AroundEngine;
}

async function lookEarly(endpoint: Endpoint): Promise<Early | null> {
  if (endpoint.kind !== "unix") return null;
  // The questions go out first: the engine works on them meanwhile.
  await setImmediate();
  const locality = await locateEngine(endpoint.path, []);
  return locality.local ? { locality, around: startAroundEngine(locality) } : null;
}

/** The engine to join this machine with, none, or the reason why this machine's facts are not the engine's. */
async function findSubject(endpoint: Endpoint, { engine, containers }: EngineSources, early: Early | null): Promise<Subject | string> {
  const socket = endpoint.kind === "unix" ? endpoint.path : null;
  if (engine.data === null) return { pid: null, dataRoot: "/var/lib/docker", socket, containers: [] };
  if (socket === null) {
    engine.data.localReason = `${endpoint.url} is reached over the network`;
    return engine.data.localReason;
  }
  const pids = listPids(containers.data ?? []);
  const { local, reason, pid } = early?.locality ?? (await locateEngine(socket, pids));
  Object.assign(engine.data, { local, localReason: reason, pid });
  if (!local) return reason;
  const dataRoot = typeof engine.data.info["DockerRootDir"] === "string" ? engine.data.info["DockerRootDir"] : "/var/lib/docker";
  return { pid, dataRoot, socket, containers: pids.filter((process) => isContainerProcess(process.pid, process.id)) };
}

/** Of this machine only what it is called is told; nothing else of it belongs to an engine elsewhere. */
async function keepApart(reason: string): Promise<HostSources> {
  const away = <T>(): Answer<T> => absent(`the engine is not on this host: ${reason}`);
  return {
    host: await guard(collectHost()), processes: away(), daemon: away(), iptables: away(), ipset: away(), nftables: away(), "saved-rules": away(),
    addresses: away(), sysctl: away(), boot: away(), conntrack: away(), resolvers: away(), files: away(),
  };
}

async function readHost(
  subject: Subject, { engine, containers, volumes }: EngineSources, early: Early | null, options: CollectOptions,
): Promise<HostSources> {
  const watch = startConntrack(subject);
  const all = containers.data ?? [];
  // An engine that has a process and no answer is not the subject: what was read around it does not count.
  const around = early !== null && early.locality.pid === subject.pid ? early.around : startAroundEngine(subject);
  const [sysctl, processes, resolvers, files] = await Promise.all([
    guard(collectSysctl(subject, options.sysctls)),
    guard(needEngine(engine, () => collectProcesses(subject))),
    guard(collectResolvers(all)),
    guard(around.daemon.then(({ data: daemon }) => {
      const linkedPaths = listLinkedPaths({ containers: all, volumes: volumes.data ?? [], daemon, socket: subject.socket });
      return collectFiles(subject, { paths: listDaemonFiles(daemon), linkedPaths });
    })),
  ]);
  const conntrack = await guard(Promise.resolve().then(() => finishConntrack(watch)));
  return { ...(await settle(around)), processes, sysctl, conntrack, resolvers, files };
}

async function settle(around: AroundEngine): Promise<{ [N in keyof AroundEngine]: Awaited<AroundEngine[N]> }> {
  const [host, daemon, iptables, ipset, nftables, savedRules, addresses, boot] = await Promise.all([
    around.host, around.daemon, around.iptables, around.ipset, around.nftables, around["saved-rules"], around.addresses, around.boot,
  ]);
  return { host, daemon, iptables, ipset, nftables, "saved-rules": savedRules, addresses, boot };
}

function needEngine<T>(engine: Sources["engine"], collect: () => Promise<Answer<T>>): Promise<Answer<T>> {
  if (engine.data !== null) return collect();
  return Promise.resolve(engine.status === "denied" ? denied(engine.detail ?? "") : absent(engine.detail ?? "there is no engine"));
}

/** Files that the engine's configuration lies in, wherever that is. */
function listDaemonFiles(daemon: DataOf<"daemon"> | null): string[] {
  return daemon === null ? [] : [daemon.configFile.path, ...daemon.units.map((unit) => unit.path)];
}
