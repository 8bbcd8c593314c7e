/** For a snapshot: what the files of running projects say now, each project read once however many containers it has. */
import { HardenError } from "../../errors.ts";
import { keyOfMadeBy, type MadeBy, splitFiles } from "../../facts/compose-labels.ts";
import type { EngineDefaults } from "../../facts/engine-defaults.ts";
import type { ComposeProject as ReadProject } from "../../snapshot/model.ts";
import { redactText } from "../../snapshot/redact.ts";
import type { FileText, ReadFile } from "../project/files.ts";
import { describeServices } from "./describe-services.ts";
import { loadMade } from "./load-made.ts";
import { watchFiles } from "./watch-files.ts";

/** What was made of files before, for whoever looks again and again: as long as they read the same it holds. */
export type ReadBefore = Map<string, { readonly reads: ReadonlyMap<string, FileText>; readonly defaults: string; readonly project: ReadProject }>;

/** In the order of the projects' names; what cannot be read or is refused says so. Of `before` only what was read this time stays. */
export function readMadeProjects(all: readonly MadeBy[], readFile: ReadFile, defaults: EngineDefaults, before: ReadBefore = new Map()): ReadProject[] {
  const distinct = [...new Map(all.map((madeBy) => [keyOfMadeBy(madeBy), madeBy]))].sort(([a], [b]) => (a < b ? -1 : 1));
  const given = JSON.stringify(defaults);
  const known = new Map(before);
  before.clear();
  return distinct.map(([key, madeBy]) => {
    const old = known.get(key);
    if (old?.defaults === given && [...old.reads].every(([path, found]) => isSame(readFile(path), found))) {
      before.set(key, old);
      return old.project;
    }
    const reads = new Map<string, FileText>();
    const project = readMade(madeBy, (path) => noteRead(reads, path, readFile(path)), defaults);
    before.set(key, { reads, defaults: given, project });
    return project;
  });
}

function noteRead(reads: Map<string, FileText>, path: string, found: FileText): FileText {
  reads.set(path, found);
  return found;
}

function isSame(a: FileText, b: FileText): boolean {
  if ("text" in a) return "text" in b && a.text === b.text;
  return !("text" in b) && a.fault === b.fault && a.reason === b.reason;
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
