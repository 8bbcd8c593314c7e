/**
 * The daemon with the configuration that runs: what the engine tells, else its flags, its file and its defaults. What the file or the unit
 * says otherwise is `drift`: it describes the future.
 */
import type { DaemonData, Snapshot } from "../snapshot/model.ts";
import { describeBuild } from "./daemon/build.ts";
import { readConfiguration, type Configuration } from "./daemon/configuration.ts";
import { deriveInvalid } from "./daemon/invalid.ts";
import { deriveLists } from "./daemon/lists.ts";
import { deriveRemap } from "./daemon/remap.ts";
import type { Drift } from "./daemon/resolve.ts";
import { deriveScalars } from "./daemon/scalars.ts";
import { readEngineAnswers, type EngineAnswers } from "./daemon/told.ts";
import { listUnitDrift } from "./daemon/unit-drift.ts";
import { deriveUse } from "./daemon/use.ts";
import type { Daemon } from "./model/daemon.ts";
import { joinParts, type Part } from "./part.ts";
import type { Derived } from "./resource.ts";

/** None for podman, which has no daemon, and where there is neither an engine nor anything that configures one. */
export function deriveDaemon(snapshot: Snapshot): Derived<Daemon> {
  const { engine, daemon } = snapshot.sources;
  const answers = readEngineAnswers(snapshot);
  if (answers.podman) return { resources: [], source: { status: "ok", detail: "podman has no daemon" } };
  if (engine.data === null && !isConfigured(daemon.data)) return { resources: [], source: { status: engine.status, detail: engine.detail } };
  return { resources: [describeDaemon(snapshot, answers, readConfiguration(snapshot))], source: { status: "ok", detail: null } };
}

function isConfigured(data: DaemonData | null): boolean {
  return data !== null && (data.pid !== null || data.configFile.text !== null || data.units.length > 0);
}

function describeDaemon(snapshot: Snapshot, answers: EngineAnswers, configuration: Configuration | string): Daemon {
  const { data } = snapshot.sources.daemon;
  const remap = deriveRemap(answers, configuration, data);
  const scalars = deriveScalars(answers, configuration);
  const lists = deriveLists(answers, configuration, data);
  const drift = describeDrift([...remap.drift, ...scalars.drift, ...lists.drift], configuration);
  const use = deriveUse(snapshot, answers, configuration);
  const invalid = deriveInvalid(configuration, answers.version);
  const build = describeBuild(snapshot);
  const { origins, unknown } = joinParts([remap, scalars, lists, drift, use, invalid, build]);
  return {
    kind: "daemon",
    id: "daemon",
    name: "dockerd",
    origins: { "": answers.version === null ? { source: "daemon", key: "dockerd" } : { source: "engine", key: "info" }, ...origins },
    unknown,
    version: answers.version,
    ...build.value,
    ...remap.value,
    ...scalars.value,
    ...lists.value,
    ...drift.value,
    ...use.value,
    ...invalid.value,
  };
}

/** A file that does not tell what runs may differ in any key that the engine does not tell either: no drift found is then no answer. */
function describeDrift(found: readonly Drift[], configuration: Configuration | string): Part<Pick<Daemon, "drift">> {
  if (typeof configuration === "string") return { value: { drift: [] }, unknown: { "/drift": configuration } };
  const all = [...found, ...listFileDrift(configuration), ...listUnitDrift(configuration)];
  const unknown = all.length === 0 && configuration.running ? configuration.fileUnknown : null;
  return {
    value: { drift: all.map(({ key, file, running }) => ({ key, file, running })) },
    origins: Object.fromEntries(all.map(({ place }, index) => [`/drift/${index}`, place])),
    unknown: unknown === null ? {} : { "/drift": unknown },
  };
}

/** A file that dockerd could not start with was another one when it did. */
function listFileDrift({ running, file, path }: Configuration): Drift[] {
  if (!running || file === null || file.error === null) return [];
  return [{ key: path, file: file.error, running: "what it was started with", place: { source: "daemon", key: path } }];
}
