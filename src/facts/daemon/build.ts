/** Which build of the engine runs. */
import type { Snapshot } from "../../snapshot/model.ts";
import type { Daemon } from "../model/daemon.ts";
import type { Part } from "../part.ts";
import { listAt, textAt } from "../raw.ts";

/** What Docker's packages call themselves (docker-ce-packaging, DOCKER_GITCOMMIT and PLATFORM). */
const UPSTREAM = "Docker Engine - Community";

export function describeBuild({ sources: { engine } }: Snapshot): Part<Pick<Daemon, "runcVersion" | "upstreamBuild">> {
  const version: unknown = engine.data?.version ?? null;
  const runcVersion = textAt(listAt(version, "Components").find((component) => textAt(component, "Name") === "runc"), "Version") || null;
  const runcUnknown = engine.data === null ? (engine.status === "absent" ? null : (engine.detail ?? engine.status)) : runcVersion === null ? "the engine does not tell which runc it has" : null;
  const platform = textAt(version, "Platform", "Name") ?? "";
  const unknown = {
    ...(runcUnknown === null ? {} : { "/runcVersion": runcUnknown }),
    ...(platform.startsWith(UPSTREAM) ? {} : { "/upstreamBuild": "it is not a build of Docker's own packages, and may carry fixes under an old number: its distribution's security notices tell" }),
  };
  return {
    value: { runcVersion, upstreamBuild: platform.startsWith(UPSTREAM) },
    origins: { "/version": { source: "engine", key: "info.ServerVersion" }, "/runcVersion": { source: "engine", key: "version.Components" }, "/upstreamBuild": { source: "engine", key: "version.Platform.Name" } },
    unknown,
  };
}
