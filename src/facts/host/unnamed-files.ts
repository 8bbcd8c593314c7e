/** What of the engine's files may have been missed, since not all is known of how it was configured. */
import type { Snapshot } from "../../snapshot/model.ts";
import { deriveDaemon } from "../daemon.ts";
import { readConfiguration } from "../daemon/configuration.ts";
import { lookUp } from "../resource.ts";

/** Why there may be more than were looked at; null where there are none. */
export interface UnnamedFiles {
  readonly sockets: string | null;
  /** Keys, certificates, another containerd's socket. */
  readonly others: string | null;
}

const NONE: UnnamedFiles = { sockets: null, others: null };

/** An engine that does not run serves on no socket; podman and an engine elsewhere name no file of this host. */
export function explainUnnamed(snapshot: Snapshot): UnnamedFiles {
  const { daemon } = snapshot.sources;
  if (daemon.status === "absent") return NONE;
  const configuration = readConfiguration(snapshot);
  if (typeof configuration === "string") return { sockets: configuration, others: configuration };
  const [dockerd] = deriveDaemon(snapshot).resources;
  const { running, flagsUnknown, fileUnknown } = configuration;
  const others = daemon.data?.configFile.error === "ENOENT" && !running ? flagsUnknown : (flagsUnknown ?? fileUnknown);
  return { sockets: running && dockerd !== undefined ? (lookUp(dockerd.unknown, "/hosts") ?? null) : null, others };
}
