/** For a snapshot: what the files of running projects say now, each project read once however many containers it has. */
import { HardenError } from "../../errors.ts";
import { keyOfMadeBy, type MadeBy, splitFiles } from "../../facts/compose-labels.ts";
import type { EngineDefaults } from "../../facts/engine-defaults.ts";
import type { ComposeProject as ReadProject } from "../../snapshot/model.ts";
import { redactText } from "../../snapshot/redact.ts";
import type { ReadFile } from "../project/files.ts";
import { describeServices } from "./describe-services.ts";
import { loadMade } from "./load-made.ts";
import { watchFiles } from "./watch-files.ts";

/** In the order of the projects' names; what cannot be read or is refused says so. */
export function readMadeProjects(all: readonly MadeBy[], readFile: ReadFile, defaults: EngineDefaults): ReadProject[] {
  const distinct = new Map(all.map((madeBy) => [keyOfMadeBy(madeBy), madeBy]));
  return [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, madeBy]) => readMade(madeBy, readFile, defaults));
}

function readMade(madeBy: MadeBy, readFile: ReadFile, defaults: EngineDefaults): ReadProject {
  const made = splitFiles(madeBy);
  if (typeof made === "string") return unread(madeBy, made);
  const { readFile: watched, explain } = watchFiles(readFile, made, "/");
  try {
    return { madeBy, ...describeServices(loadMade({ readFile: watched, workingDirectory: "/", project: madeBy.project, made }), defaults), error: null };
  } catch (error) {
    if (error instanceof HardenError) return unread(madeBy, explain(error));
    throw error;
  }
}

function unread(madeBy: MadeBy, reason: string): ReadProject {
  return { madeBy, files: [], services: [], partial: false, error: redactText(reason) };
}
