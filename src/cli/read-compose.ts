/** The compose projects of a snapshot's containers, as their files are on this host. */
import { openHostFiles } from "../collect/compose-files.ts";
import { stampFile } from "../collect/stamp-file.ts";
import { type ReadBefore, type ReadFile, readMadeProjects, type RunningService } from "../compose/index.ts";
import { readMadeBy } from "../facts/compose-labels.ts";
import { deriveContainers } from "../facts/container.ts";
import { deriveDaemon } from "../facts/daemon.ts";
import { readDefaults, unknownDefaults } from "../facts/engine-defaults.ts";
import { textMapAt, textsAt } from "../facts/raw.ts";
import type { ComposeProject, Snapshot } from "../snapshot/model.ts";

export interface ComposeReader {
  readonly read: (snapshot: Snapshot) => ComposeProject[];
  /** Whether a file that the last look read, or missed, is not what it was. */
  readonly hasChanged: () => boolean;
}

/** What a service does not say is what the engine gives, as it does to what runs. `before` is what one keeps from look to look. */
export function readCompose(snapshot: Snapshot, readFile: ReadFile = openHostFiles(), before: ReadBefore = new Map()): ComposeProject[] {
  const [dockerd] = deriveDaemon(snapshot).resources;
  const defaults = dockerd === undefined ? unknownDefaults("the engine's settings were not read") : readDefaults(dockerd);
  const running = listRunning(snapshot);
  return readMadeProjects(running.map(({ madeBy }) => madeBy), readFile, defaults, running, before);
}

/** For who looks again and again. */
export function openComposeReader(): ComposeReader {
  const before: ReadBefore = new Map();
  const stamps = new Map<string, string>();
  return {
    read(snapshot) {
      const readFile = openHostFiles();
      stamps.clear();
      return readCompose(snapshot, (path) => {
        const found = readFile(path);
        if (found.stamp !== undefined) stamps.set(path, found.stamp);
        return found;
      }, before);
    },
    hasChanged: () => [...stamps].some(([path, stamp]) => stampFile(path) !== stamp),
  };
}

function listRunning(snapshot: Snapshot): RunningService[] {
  const facts = deriveContainers(snapshot).resources;
  return (snapshot.sources.containers.data ?? []).flatMap(({ inspect }, index): RunningService[] => {
    const [labels, container] = [textMapAt(inspect, "Config", "Labels"), facts[index]];
    const madeBy = readMadeBy(labels);
    if (madeBy === null || container === undefined) return [];
    return [{ madeBy, service: labels["com.docker.compose.service"] ?? "", facts: container, securityOptions: textsAt(inspect, "HostConfig", "SecurityOpt"), groups: textsAt(inspect, "HostConfig", "GroupAdd") }];
  });
}
