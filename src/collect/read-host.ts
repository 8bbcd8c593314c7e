/** This machine's side of a snapshot: every source of it alone, all side by side. */
import type { Answer, DataOf, Sources } from "../snapshot/model.ts";
import { listDaemonPaths } from "../snapshot/daemon-paths.ts";
import { absent } from "./answer.ts";
import { startAroundEngine, type AroundEngine } from "./around-engine.ts";
import type { EngineSources } from "./ask-engine.ts";
import { finishConntrack, startConntrack } from "./conntrack.ts";
import { collectFiles } from "./files.ts";
import { hasAnswered, type Early } from "./find-subject.ts";
import { guard } from "./guard.ts";
import { collectHost } from "./host.ts";
import { listLinkedPaths } from "./linked-paths.ts";
import { listOwnInterfaces } from "./own-interfaces.ts";
import { collectProcesses } from "./processes.ts";
import { collectResolvers } from "./resolvers.ts";
import type { Subject } from "./subject.ts";

export type HostSources = Omit<Sources, keyof EngineSources | "images">;

/** Of this machine only what it is called is told; nothing else of it belongs to an engine elsewhere. */
export async function keepApart(reason: string): Promise<HostSources> {
  const away = <T>(): Answer<T> => absent(`the engine is not on this host: ${reason}`);
  return {
    host: await guard(collectHost), processes: away(), daemon: away(), iptables: away(), ipset: away(), nftables: away(), "saved-rules": away(),
    addresses: away(), sysctl: away(), boot: away(), conntrack: away(), resolvers: away(), files: away(),
  };
}

/** Gives the source of that name, which takes longest where there are many containers. `interfaces`: those whose settings count. */
export type ReadSysctl = (subject: Subject, interfaces: readonly string[] | null) => Promise<Sources["sysctl"]>;

export async function readHost(
  subject: Subject, sources: EngineSources, early: Early | null, readSysctl: ReadSysctl,
): Promise<HostSources> {
  const finish = beginConntrack(subject);
  const containers = sources.containers.data ?? [];
  const volumes = sources.volumes.data ?? [];
  // An engine that has a process and no answer is not the subject: what was read around it does not count.
  const around = early !== null && early.locality.pid === subject.pid ? early.around : startAroundEngine(subject);
  const [sysctl, processes, resolvers, files] = await Promise.all([
    guard(async () => readSysctl(subject, listOwnInterfaces(await around.addresses))),
    guard<DataOf<"processes">>(() => (hasAnswered(sources) ? collectProcesses(subject) : repeat(sources.engine))),
    guard(() => collectResolvers(containers)),
    guard(async () => {
      const { data: daemon } = await around.daemon;
      const linkedPaths = listLinkedPaths({ containers, volumes, daemon, socket: subject.socket });
      return collectFiles(subject, { paths: listDaemonFiles(daemon), linkedPaths });
    }),
  ]);
  const conntrack = await guard(finish);
  return { ...(await settle(around)), processes, sysctl, conntrack, resolvers, files };
}

/** The first samples now, the second ones when the result is called; what goes wrong now is told then. */
export function beginConntrack(subject: Subject): () => Answer<DataOf<"conntrack">> {
  try {
    const watch = startConntrack(subject);
    return () => finishConntrack(watch);
  } catch (error) {
    return () => { throw error; };
  }
}

/** All of them, once each is there. */
export async function settle(around: AroundEngine): Promise<{ [N in keyof AroundEngine]: Awaited<AroundEngine[N]> }> {
  const [host, daemon, iptables, ipset, nftables, savedRules, addresses, boot] = await Promise.all([
    around.host, around.daemon, around.iptables, around.ipset, around.nftables, around["saved-rules"], around.addresses, around.boot,
  ]);
  return { host, daemon, iptables, ipset, nftables, "saved-rules": savedRules, addresses, boot };
}

/** What was said of the engine goes for what only it can tell. */
function repeat<T>({ status, detail }: Sources["engine"]): Answer<T> {
  return { status, detail, data: null };
}

/** Files that the engine's configuration lies in, wherever that is, and those that it names. */
function listDaemonFiles(daemon: DataOf<"daemon"> | null): string[] {
  if (daemon === null) return [];
  const { sockets, keys, others } = listDaemonPaths(daemon);
  return [daemon.configFile.path, ...daemon.units.map((unit) => unit.path), ...sockets, ...keys, ...others];
}
