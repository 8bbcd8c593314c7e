/** What stands where on a live host. */
import type { Snapshot } from "../snapshot/model.ts";
import { deriveContainers } from "./container.ts";
import { setScene } from "./exposure/scene.ts";
import type { Topology } from "./model/topology.ts";
import { deriveNetworks } from "./network.ts";
import { derivePorts } from "./port.ts";

/** Null where neither containers nor networks were read. */
export function deriveTopology(snapshot: Snapshot): Topology | null {
  const { containers, networks } = snapshot.sources;
  if (containers.data === null && networks.data === null) return null;
  const scene = setScene(snapshot);
  return {
    outsides: typeof scene === "string" ? [] : scene.outsides.map(({ name, family, own }) => ({ interface: name, family: family === 4 ? "v4" : "v6", address: own })),
    networks: deriveNetworks(snapshot).resources.map(({ name, driver, bridge, internal, members }) => ({ name, driver, bridge, internal, containers: members.map(({ key }) => key).sort() })),
    containers: deriveContainers(snapshot).resources.map(({ id, project, running, hostNetwork }) => ({ id, project, running, hostNetwork })),
    ports: derivePorts(snapshot).resources.map(({ id, family, protocol, hostIp, hostPort, container, containerPort }) => ({ id, family, protocol, hostIp, hostPort, container, containerPort })),
  };
}
