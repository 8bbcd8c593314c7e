/** Whose network namespace a container is in. */
import type { ContainerAnswer } from "../snapshot/model.ts";
import { textAt } from "./raw.ts";

const MAXIMUM_HOPS = 64;

/** Finds the container that made the namespace: what `container:X` leads to, through several. Null where that one is not listed. */
export function networkOwnerFinder(containers: readonly ContainerAnswer[]): (container: ContainerAnswer) => ContainerAnswer | null {
  const byName = new Map(containers.flatMap((container) => [[container.name, container], [container.id, container]] as const));
  const find = (wanted: string): ContainerAnswer | undefined => byName.get(wanted) ?? containers.find(({ id }) => wanted !== "" && id.startsWith(wanted));
  return (container) => {
    let owner: ContainerAnswer | undefined = container;
    for (let hops = 0; owner !== undefined && hops < MAXIMUM_HOPS; hops++) {
      const mode: string = textAt(owner.inspect, "HostConfig", "NetworkMode") ?? "";
      if (!mode.startsWith("container:")) return owner;
      owner = find(mode.slice("container:".length));
    }
    return null;
  };
}
