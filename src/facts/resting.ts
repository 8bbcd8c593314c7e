/** Which containers exist and do not run. */
import type { Snapshot } from "../snapshot/model.ts";
import { listContainerIds } from "./container-id.ts";
import { textAt } from "./raw.ts";

/** `restarting`: the engine waits a moment before it starts it again. */
export type Rest = "stopped" | "restarting";

/** By resource id. */
export type Resting = ReadonlyMap<string, Rest>;

/** A paused container has all that a running one has; of one without a status nothing is known. */
export function listResting(snapshot: Snapshot): Resting {
  const ids = listContainerIds(snapshot);
  return new Map((snapshot.sources.containers.data ?? []).flatMap(({ id, name, inspect }): [string, Rest][] => {
    const status = textAt(inspect, "State", "Status");
    if (status === null || status === "running" || status === "paused") return [];
    return [[ids.get(id) ?? name, status === "restarting" ? "restarting" : "stopped"]];
  }));
}
