/** daemon.json files: their own facts, and what they mean for the compose projects that are judged with them. */
import { dirname, relative, resolve } from "node:path";
import { HardenError } from "../../errors.ts";
import { deriveDaemon } from "../../facts/daemon.ts";
import { parseConfigFile } from "../../facts/daemon/config-file.ts";
import { type EngineDefaults, readDefaults, unknownDefaults } from "../../facts/engine-defaults.ts";
import type { Daemon } from "../../facts/model/daemon.ts";
import type { Derived } from "../../facts/resource.ts";
import { fragmentOf } from "../../snapshot/fragment.ts";
import type { FileInput } from "./inputs.ts";

/** Throws HardenError for a text that is no JSON object. */
export function deriveDaemonFile(file: string, text: string): Derived<Daemon> {
  const { error } = parseConfigFile(file, text);
  if (error !== null) throw new HardenError(error);
  const configFile = { path: file, explicit: true, text, error: null, modifiedAt: null };
  const data = { pid: null, commandLine: null, startedAt: null, configFile, rootless: false, units: [], listeners: null };
  return deriveDaemon(fragmentOf({ daemon: { status: "ok", detail: null, data } }));
}

/** The engine that a project's services run under. */
export interface Engine {
  readonly defaults: EngineDefaults;
  /** Its daemon.json; several where it is not clear which. */
  readonly files: readonly string[];
}

/** Finds the engine of the project in a folder; null where none of these daemon.json is its. */
export function engineFinder(inputs: readonly FileInput[], workingDirectory: string): (folder: string) => Engine | null {
  const defaults = new Map<FileInput, EngineDefaults>();
  const read = (input: FileInput): EngineDefaults => {
    const known = defaults.get(input) ?? readDefaultsOf(input);
    defaults.set(input, known);
    return known;
  };
  return (folder) => {
    const [chosen, ...others] = chooseDaemons(inputs, folder, workingDirectory);
    if (chosen === undefined) return null;
    const files = [chosen, ...others].map(({ file }) => file);
    return { files, defaults: others.length === 0 ? read(chosen) : unknownDefaults(`it is not clear which of these its engine has: ${files.join(", ")}`) };
  };
}

function readDefaultsOf({ file, text }: FileInput): EngineDefaults {
  try {
    const [dockerd] = deriveDaemonFile(file, text).resources;
    return dockerd === undefined ? unknownDefaults(`${file} could not be read`) : readDefaults(dockerd);
  } catch (error) {
    // It is reported where the file itself is judged.
    if (error instanceof HardenError) return unknownDefaults(error.message);
    throw error;
  }
}

/**
 * The nearest: in the project's own folder, else in the next one above that has any. One that is named and stands elsewhere counts
 * where there is none of these; one that was only found in a searched folder counts for what lies in or below it.
 */
function chooseDaemons(inputs: readonly FileInput[], folder: string, workingDirectory: string): readonly FileInput[] {
  const placed = inputs.map((input) => ({ input, steps: stepsUp(folder, dirname(resolve(workingDirectory, input.file))) }));
  const above = placed.filter(({ steps }) => steps !== null);
  const nearest = Math.min(...above.map(({ steps }) => steps ?? 0));
  if (above.length > 0) return above.filter(({ steps }) => steps === nearest).map(({ input }) => input);
  return inputs.filter(({ searched }) => !searched);
}

/** How many folders lie between; null if the second does not hold the first. */
function stepsUp(folder: string, above: string): number | null {
  const path = relative(above, folder);
  if (path === "") return 0;
  return path === ".." || path.startsWith("../") ? null : path.split("/").length;
}
