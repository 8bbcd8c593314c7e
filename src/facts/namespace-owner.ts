/** What a network namespace is called: after the container that owns it. */
import type { Snapshot } from "../snapshot/model.ts";
import { listContainerIds } from "./container-id.ts";
import { textAt } from "./raw.ts";

/**
 * Names a namespace by the resource id of its owner: of the containers in it the one that did not join it by `container:ID`, since
 * only there its sysctls can be set. Where the owner is gone, the first joiner.
 */
export function namespaceNamer(snapshot: Snapshot): (containerIds: readonly string[]) => string {
  const names = listContainerIds(snapshot);
  const joiners = new Set(
    (snapshot.sources.containers.data ?? [])
      .filter(({ inspect }) => (textAt(inspect, "HostConfig", "NetworkMode") ?? "").startsWith("container:"))
      .map(({ id }) => id),
  );
  return (containerIds) => {
    const owner = containerIds.find((id) => !joiners.has(id)) ?? containerIds[0] ?? "";
    return names.get(owner) ?? owner.slice(0, 12);
  };
}
