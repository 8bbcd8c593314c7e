/** Which engine it is, and in whose network its published ports are taken. */
import type { DataOf, Snapshot } from "../snapshot/model.ts";
import { isPodman } from "../snapshot/podman.ts";
import { deriveDaemon } from "./daemon.ts";
import { textsAt } from "./raw.ts";
import { lookUp } from "./resource.ts";

export type EnginePlace = "dockerd" | "rootless dockerd" | "podman" | "rootless podman";

/** What did not answer is taken for dockerd. */
export function findPlace(engine: DataOf<"engine"> | null): EnginePlace {
  const name = isPodman(engine?.version ?? null) ? "podman" : "dockerd";
  return textsAt(engine?.info, "SecurityOptions").includes("name=rootless") ? `rootless ${name}` : name;
}

/**
 * Whether a program of the engine's hands on what the host takes on a published port: dockerd's userland proxy, and rootlessport of a rootless podman. conmon
 * of a rootful one only keeps the port taken (libpod/networking_linux.go, bindPorts). By default there is one.
 */
export function handsOn(snapshot: Snapshot): boolean {
  return findPlace(snapshot.sources.engine.data) !== "podman" && (deriveDaemon(snapshot).resources[0]?.userlandProxy ?? true);
}

/**
 * Whether the engine sets route_localnet on its bridges, to publish on 127.0.0.1 without a proxy (moby, bridge/setup_ipv4.go; netavark, network/bridge.rs).
 * Where it is not known the proxy, which is the default, is taken to be there.
 */
export function needsLocalnet(snapshot: Snapshot): boolean {
  if (findPlace(snapshot.sources.engine.data) === "podman") return true;
  const [daemon] = deriveDaemon(snapshot).resources;
  return daemon !== undefined && lookUp(daemon.unknown, "/userlandProxy") === undefined && !daemon.userlandProxy;
}

/** Why rules and routes of the engine's network say nothing of its published ports; null where they do. */
export function explainElsewhere({ sources: { engine } }: Snapshot): string | null {
  if (findPlace(engine.data) !== "rootless dockerd") return null;
  return "rootlesskit takes a rootless engine's ports in the host's own network, and what was read is the network that the engine has to itself";
}
