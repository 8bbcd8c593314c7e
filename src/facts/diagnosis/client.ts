/** Commands of the engine's own client. */
import type { Snapshot } from "../../snapshot/model.ts";
import { isPodman } from "../../snapshot/podman.ts";
import type { Finding } from "./model.ts";

/** Podman takes the same commands; what daemon.json is to dockerd is containers.conf to it. */
export function speakOf({ sources: { engine } }: Snapshot): (finding: Finding) => Finding {
  if (!isPodman(engine.data?.version ?? null)) return (finding) => finding;
  return (finding) => ({ ...finding, fix: finding.fix?.replace(/\bdocker (?=[a-z])/g, "podman ").replace('"dns" in daemon.json', "dns_servers in containers.conf") ?? null });
}
