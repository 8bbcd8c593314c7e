/**
 * Takes a snapshot: all sources side by side, each alone in its file, each bounded in time and able to fail without the others.
 *
 * The engine is asked first: which processes are containers, and whose network namespace counts, follows from its answers. Host sources
 * are joined with it only if it is proved to run on this machine.
 */
import type { Answer, DataOf, Snapshot, SourceName, Sources } from "../snapshot/model.ts";
import { SNAPSHOT_VERSION } from "../snapshot/version.ts";
import { collectAddresses } from "./addresses.ts";
import { absent, denied, failed } from "./answer.ts";
import { collectBoot } from "./boot.ts";
import { connectEngine } from "./client.ts";
import { collectContainers } from "./containers.ts";
import { finishConntrack, startConntrack } from "./conntrack.ts";
import { collectDaemon } from "./daemon.ts";
import { findEndpoint, type Endpoint } from "./endpoint.ts";
import { collectEngine, listPids } from "./engine.ts";
import { collectFiles } from "./files.ts";
import { collectHost } from "./host.ts";
import { collectImages, collectNetworks, collectVolumes } from "./inventory.ts";
import { collectIptables } from "./iptables.ts";
import { isContainerProcess, locateEngine } from "./locality.ts";
import { collectIpset, collectNftables } from "./nftables.ts";
import { collectProcesses } from "./processes.ts";
import { collectResolvers } from "./resolvers.ts";
import { collectSavedRules } from "./saved-rules.ts";
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
  const { sources, images } = await askEngine(endpoint, options);
  const subject = await findSubject(endpoint, sources);
  options.progress("reading this host …");
  const host = typeof subject === "string" ? await keepApart(subject) : await readHost(subject, sources, options);
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

/** The engine to join this machine with, none, or the reason why this machine's facts are not the engine's. */
async function findSubject(endpoint: Endpoint, { engine, containers }: EngineSources): Promise<Subject | string> {
  const socket = endpoint.kind === "unix" ? endpoint.path : null;
  if (engine.data === null) return { pid: null, dataRoot: "/var/lib/docker", socket, containers: [] };
  if (socket === null) {
    engine.data.localReason = `${endpoint.url} is reached over the network`;
    return engine.data.localReason;
  }
  const pids = listPids(containers.data ?? []);
  const { local, reason, pid } = await locateEngine(socket, pids);
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

async function readHost(subject: Subject, { engine, containers }: EngineSources, options: CollectOptions): Promise<HostSources> {
  const watch = startConntrack(subject);
  const all = containers.data ?? [];
  const daemonAnswer = guard(collectDaemon(subject));
  const [host, processes, daemon, iptables, ipset, nftables, savedRules, addresses, sysctl, boot, resolvers, files] = await Promise.all([
    guard(collectHost()),
    guard(needEngine(engine, () => collectProcesses(subject))),
    daemonAnswer,
    guard(collectIptables(subject)),
    guard(collectIpset(subject)),
    guard(collectNftables(subject)),
    guard(collectSavedRules()),
    guard(collectAddresses(subject)),
    guard(collectSysctl(subject, options.sysctls)),
    guard(collectBoot()),
    guard(collectResolvers(all)),
    guard(daemonAnswer.then(({ data }) => collectFiles(subject, { paths: listDaemonFiles(data), bindSources: listBindSources(all) }))),
  ]);
  const conntrack = await guard(Promise.resolve().then(() => finishConntrack(watch)));
  return { host, processes, daemon, iptables, ipset, nftables, "saved-rules": savedRules, addresses, sysctl, boot, conntrack, resolvers, files };
}

function needEngine<T>(engine: Sources["engine"], collect: () => Promise<Answer<T>>): Promise<Answer<T>> {
  if (engine.data !== null) return collect();
  return Promise.resolve(engine.status === "denied" ? denied(engine.detail ?? "") : absent(engine.detail ?? "there is no engine"));
}

/** A source that throws, or that takes longer than any of its steps may, fails alone. */
async function guard<T>(answer: Promise<Answer<T>>): Promise<Answer<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Answer<T>>((resolve) => {
    timer = setTimeout(() => { resolve(failed(`not done within ${(2 * SOURCE_TIMEOUT) / 1000} s`)); }, 2 * SOURCE_TIMEOUT);
  });
  try {
    return await Promise.race([answer, late]);
  } catch (error) {
    return failed(`harden failed to read this source: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

/** Files that the engine's configuration lies in, wherever that is. */
function listDaemonFiles(daemon: DataOf<"daemon"> | null): string[] {
  return daemon === null ? [] : [daemon.configFile.path, ...daemon.units.map((unit) => unit.path)];
}

function listBindSources(containers: DataOf<"containers">): string[] {
  const sources = containers.flatMap(({ inspect }) => {
    const mounts = inspect?.["Mounts"];
    return Array.isArray(mounts) ? mounts.flatMap((mount: { Type?: unknown; Source?: unknown }) => (mount.Type === "bind" ? [mount.Source] : [])) : [];
  });
  return [...new Set(sources.filter((source) => typeof source === "string"))].sort();
}
