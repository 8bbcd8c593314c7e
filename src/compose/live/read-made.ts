/** For a snapshot: what the files of running projects say now, each project read once however many containers it has. */
import { HardenError } from "../../errors.ts";
import { keyOfMadeBy, type MadeBy, splitFiles } from "../../facts/compose-labels.ts";
import type { EngineDefaults } from "../../facts/engine-defaults.ts";
import type { ComposeProject as ReadProject } from "../../snapshot/model.ts";
import { redactText } from "../../snapshot/redact.ts";
import type { FileText, ReadFile } from "../project/files.ts";
import type { ComposeProject } from "../project/load-project.ts";
import { describeServices } from "./describe-services.ts";
import { loadMade } from "./load-made.ts";
import { indexShown, type RunningService, type Shown } from "./shown.ts";
import { hasMoreValues, MAX_VALUES } from "./size.ts";
import { watchFiles } from "./watch-files.ts";

/** What was made of files before, for whoever looks again and again: as long as they read the same it holds. */
export type ReadBefore = Map<string, { readonly reads: ReadonlyMap<string, FileText>; readonly given: string; readonly project: ReadProject }>;

/** In the order of the projects' names; what cannot be read or is refused says so. Of `before` only what was read this time stays. */
export function readMadeProjects(all: readonly MadeBy[], readFile: ReadFile, defaults: EngineDefaults, running: readonly RunningService[] = [], before: ReadBefore = new Map()): ReadProject[] {
  const distinct = [...new Map(all.map((madeBy) => [keyOfMadeBy(madeBy), madeBy]))].sort(([a], [b]) => (a < b ? -1 : 1));
  const known = new Map(before);
  before.clear();
  return distinct.map(([key, madeBy]) => {
    const shown = indexShown(running, madeBy);
    const given = JSON.stringify([defaults, [...shown].map(([name, facts]) => [name, [...facts].map(([fact, leaves]) => [fact, [...leaves]])])]);
    const old = known.get(key);
    if (old?.given === given && [...old.reads].every(([path, found]) => isSame(readFile(path), found))) {
      before.set(key, old);
      return old.project;
    }
    const reads = new Map<string, FileText>();
    const project = readMade(madeBy, (path) => reads.get(path) ?? noteRead(reads, path, readFile(path)), defaults, shown);
    before.set(key, { reads, given, project });
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

function readMade(madeBy: MadeBy, readFile: ReadFile, defaults: EngineDefaults, shown: ReadonlyMap<string, Shown>): ReadProject {
  const made = splitFiles(madeBy);
  if (typeof made === "string") return unread(madeBy, made);
  const load = (withheld: boolean): ComposeProject | string => {
    const { readFile: watched, explain } = watchFiles(readFile, made, "/");
    const project = orReason(() => loadMade({ readFile: watched, workingDirectory: "/", project: madeBy.project, made, withheld }), explain);
    return typeof project !== "string" && hasMoreValues(project.model, MAX_VALUES) ? `its compose files make more than ${MAX_VALUES} values, too many to be compared` : project;
  };
  // Whatever is told of what is refused is told without the env files.
  const withheld = load(true);
  const project = load(false);
  if (typeof withheld === "string") return unread(madeBy, typeof project === "string" ? withheld : "more of its files hangs on its env files than can be told");
  if (typeof project === "string") return unread(madeBy, "Compose would not take its files with its env files as they are now");
  return { madeBy, ...describeServices({ project, withheld, shown }, defaults), error: null };
}

function orReason<T>(load: () => T, explain: (error: HardenError) => string): T | string {
  try {
    return load();
  } catch (error) {
    if (error instanceof HardenError) return explain(error);
    throw error;
  }
}

function unread(madeBy: MadeBy, reason: string): ReadProject {
  return { madeBy, files: [], services: [], partial: false, error: redactText(reason) };
}
