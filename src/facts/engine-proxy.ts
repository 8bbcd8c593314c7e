/** How published ports get from the host to a container without a rule that translates them. */
import { isPodman } from "../snapshot/podman.ts";
import type { Snapshot } from "../snapshot/model.ts";
import { deriveDaemon } from "./daemon.ts";
import { lookUp } from "./resource.ts";
import { textsAt } from "./raw.ts";

/**
 * Whether a program of the engine's hands on what the host takes on a published port: dockerd's userland proxy, and rootlessport of a rootless podman. conmon
 * of a rootful one only keeps the port taken (libpod/networking_linux.go, bindPorts). By default there is one.
 */
export function handsOn(snapshot: Snapshot): boolean {
  return !isRootfulPodman(snapshot) && (deriveDaemon(snapshot).resources[0]?.userlandProxy ?? true);
}

/** Whether the engine sets route_localnet on its bridges, to publish on 127.0.0.1 without a proxy (moby, bridge/setup_ipv4.go; netavark, network/bridge.rs).
 * Where it is not known the proxy, which is the default, is taken to be there. */
export function needsLocalnet(snapshot: Snapshot): boolean {
  if (isRootfulPodman(snapshot)) return true;
  const [daemon] = deriveDaemon(snapshot).resources;
  return daemon !== undefined && lookUp(daemon.unknown, "/userlandProxy") === undefined && !daemon.userlandProxy;
}

function isRootfulPodman({ sources: { engine } }: Snapshot): boolean {
  return isPodman(engine.data?.version ?? null) && !textsAt(engine.data?.info, "SecurityOptions").includes("name=rootless");
}
