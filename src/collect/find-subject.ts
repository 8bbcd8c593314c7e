/** Whose machine this is to the engine: what the host's side of a snapshot is joined with. */
import { setImmediate } from "node:timers/promises";
import { startAroundEngine, type AroundEngine } from "./around-engine.ts";
import type { EngineSources } from "./ask-engine.ts";
import type { Endpoint } from "./endpoint.ts";
import { listPids } from "./engine.ts";
import { isContainerProcess, locateEngine, type Locality } from "./locality.ts";
import type { RunningContainer, Subject } from "./subject.ts";

/** While the engine is asked: which process it is, where its socket tells, and what can be read for knowing that. */
export interface Early {
  readonly locality: Locality;
  readonly around: AroundEngine;
}

export async function lookEarly(endpoint: Endpoint): Promise<Early | null> {
  if (endpoint.kind !== "unix") return null;
  // The questions go out first: the engine works on them meanwhile.
  await setImmediate();
  const locality = await locate(endpoint.path, []);
  return locality.local ? { locality, around: startAroundEngine(locality) } : null;
}

const DATA_ROOT = "/var/lib/docker";

/**
 * The engine to join this machine with, none, or the reason why this machine's facts are not the engine's. Whatever was answered by an
 * engine that is not proved to be here keeps this machine's facts out, even if info was not. Notes the proof in the engine's data.
 */
export async function findSubject(endpoint: Endpoint, sources: EngineSources, early: Early | null): Promise<Subject | string> {
  const { engine, containers } = sources;
  const socket = endpoint.kind === "unix" ? endpoint.path : null;
  if (!hasAnswered(sources)) return { pid: null, dataRoot: DATA_ROOT, socket, containers: [] };
  const pids = listPids(containers.data ?? []);
  const { local, reason, pid } = await proveLocal(endpoint, pids, early);
  if (engine.data !== null) Object.assign(engine.data, { local, localReason: reason, pid });
  if (!local) return reason;
  const dataRoot = engine.data?.info["DockerRootDir"];
  return {
    pid, dataRoot: typeof dataRoot === "string" ? dataRoot : DATA_ROOT, socket,
    ...(pid === null ? { networkUnknown: "which of this machine's processes the engine is cannot be told: run harden as root, and reach the engine by its own socket" } : {}),
    containers: pids.filter((process) => isContainerProcess(process.pid, process.id)),
  };
}

export function hasAnswered(sources: EngineSources): boolean {
  return Object.values(sources).some(({ data }) => data !== null);
}

async function proveLocal(endpoint: Endpoint, containers: readonly RunningContainer[], early: Early | null): Promise<Locality> {
  if (endpoint.kind !== "unix") return { local: false, reason: `${endpoint.url} is reached over the network`, pid: null };
  return early?.locality ?? locate(endpoint.path, containers);
}

/** Without a proof the engine is not local, for whatever reason there is none. */
async function locate(socket: string, containers: readonly RunningContainer[]): Promise<Locality> {
  try {
    return await locateEngine(socket, containers);
  } catch (error) {
    return { local: false, reason: `harden failed to find out who listens on ${socket}: ${String(error)}`, pid: null };
  }
}
