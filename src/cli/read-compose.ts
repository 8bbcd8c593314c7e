/** The compose projects of a snapshot's containers, as their files are on this host. */
import { openHostFiles } from "../collect/compose-files.ts";
import { type ReadBefore, readMadeProjects } from "../compose/index.ts";
import { readMadeBy } from "../facts/compose-labels.ts";
import { deriveDaemon } from "../facts/daemon.ts";
import { readDefaults, unknownDefaults } from "../facts/engine-defaults.ts";
import { textMapAt } from "../facts/raw.ts";
import type { ComposeProject, Snapshot } from "../snapshot/model.ts";

/** What a service does not say is what the engine gives, as it does to what runs. `before` is what one keeps from look to look. */
export function readCompose(snapshot: Snapshot, before: ReadBefore = new Map()): ComposeProject[] {
  const [dockerd] = deriveDaemon(snapshot).resources;
  const defaults = dockerd === undefined ? unknownDefaults("the engine's settings were not read") : readDefaults(dockerd);
  const made = (snapshot.sources.containers.data ?? []).flatMap(({ inspect }) => readMadeBy(textMapAt(inspect, "Config", "Labels")) ?? []);
  return readMadeProjects(made, openHostFiles(), defaults, before);
}
