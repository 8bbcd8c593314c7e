/** For a snapshot: what the files of running projects say now, each project read once however many containers it has. */
import { resolve } from "node:path/posix";
import { HardenError } from "../../errors.ts";
import { keyOfMadeBy, type MadeBy, splitFiles } from "../../facts/compose-labels.ts";
import type { EngineDefaults } from "../../facts/engine-defaults.ts";
import type { FilePlace } from "../../facts/resource.ts";
import type { ComposeProject as ReadProject } from "../../snapshot/model.ts";
import { redactText } from "../../snapshot/redact.ts";
import type { FileText, ReadFile } from "../project/files.ts";
import type { ComposeProject } from "../project/load-project.ts";
import { placeOf } from "../source.ts";
import { describeServices } from "./describe-services.ts";
import { loadMade } from "./load-made.ts";
import { indexShown, type RunningService, type Shown } from "./shown.ts";
import { hasMoreValues, MAX_VALUES } from "./size.ts";
import { type Unusable, watchFiles } from "./watch-files.ts";

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
  if (typeof made === "string") return unread(madeBy, { reason: made, place: null });
  const load = (withheld: boolean): ComposeProject | Unusable => {
    const { readFile: watched, explain } = watchFiles(readFile, made, "/");
    const project = orReason(() => loadMade({ readFile: watched, workingDirectory: "/", project: madeBy.project, made, withheld }), explain);
    if ("reason" in project || !hasMoreValues(project.model, MAX_VALUES)) return project;
    return { reason: `its compose files make more than ${MAX_VALUES} values, too many to be compared`, place: placeOfServices(project) };
  };
  // Whatever is told of what is refused is told without the env files.
  const withheld = load(true);
  const project = load(false);
  if ("reason" in withheld) return unread(madeBy, "reason" in project ? withheld : { ...withheld, reason: "more of its files hangs on its env files than can be told" });
  const place = placeOfServices(withheld);
  if ("reason" in project) return unread(madeBy, { reason: "Compose would not take its files with its env files as they are now", place });
  return { madeBy, ...describeServices({ project, withheld, shown, place }, defaults), error: null };
}

function orReason<T>(load: () => T, explain: (error: HardenError) => Unusable): T | Unusable {
  try {
    return load();
  } catch (error) {
    if (error instanceof HardenError) return explain(error);
    throw error;
  }
}

/** The key `services`, of the first file that has it. */
function placeOfServices({ model }: ComposeProject): FilePlace | null {
  const key = model.entries.get("services")?.key;
  if (key === undefined) return null;
  const place = placeOf(key);
  return { ...place, file: resolve("/", place.file) };
}

function unread(madeBy: MadeBy, { reason, place }: Unusable): ReadProject {
  const at = place === null ? { files: [] } : { files: [redactText(place.file)], place: [0, place.line, place.column, place.endLine, place.endColumn] };
  return { madeBy, ...at, services: [], partial: false, error: redactText(reason) };
}
