/** Which containers exist and do not run, or did not all the while that a look was taken. */
import type { Snapshot } from "../snapshot/model.ts";
import { listContainerIds } from "./container-id.ts";
import { textAt } from "./raw.ts";

/** `restarting`: the engine waits a moment before it starts it again. */
export type Rest = "stopped" | "restarting";

/** By resource id. */
export type Resting = ReadonlyMap<string, Rest>;

/**
 * A paused container has all that a running one has; of one without a status nothing is known. The sources of a look are not of one moment: one that the
 * engine calls running, and whose network namespace was not there to be read, ended or started meanwhile.
 */
export function listResting(snapshot: Snapshot): Resting {
  const { containers, sysctl } = snapshot.sources;
  const ids = listContainerIds(snapshot);
  const read = new Set((sysctl.data?.namespaces ?? []).filter(({ error }) => error === null).flatMap(({ containerIds }) => containerIds));
  return new Map((containers.data ?? []).flatMap(({ id, name, inspect }): [string, Rest][] => {
    const status = textAt(inspect, "State", "Status");
    const runs = status === "running" || status === "paused";
    const isSeen = sysctl.data === null || read.has(id) || textAt(inspect, "HostConfig", "NetworkMode") === "host";
    if (status === null || (runs && isSeen)) return [];
    return [[ids.get(id) ?? name, status === "restarting" ? "restarting" : "stopped"]];
  }));
}
