/** What is known of how dockerd was configured: its flags, its file, and why a part of it is not known. */
import type { DaemonData, Snapshot } from "../../snapshot/model.ts";
import { readStartCommand, type PlacedWord, type UnitCommand } from "../../snapshot/unit-command.ts";
import { parseConfigFile, type ConfigFile } from "./config-file.ts";
import { parseFlags, type Flags } from "./flags.ts";

export interface Configuration {
  /** False where no dockerd runs: flags and file then say how it would start. */
  readonly running: boolean;
  readonly flags: Flags;
  /** Why a flag that is not among them may be set nevertheless. */
  readonly flagsUnknown: string | null;
  /** Null where there is none, or it cannot be read. */
  readonly file: ConfigFile | null;
  readonly path: string;
  /** Why the file does not tell what runs: it is not readable, not JSON, or was changed since. */
  readonly fileUnknown: string | null;
  /** Flags that the unit would start dockerd with now; null where no unit started it. */
  readonly unit: { readonly flags: Flags; readonly unresolved: readonly string[] } | null;
}

/** The configuration, or the reason why nothing of it is known. */
export function readConfiguration(snapshot: Snapshot): Configuration | string {
  const { engine, daemon } = snapshot.sources;
  const { data } = daemon;
  if (data === null) return daemon.detail ?? `the daemon's configuration is ${daemon.status}`;
  if (data.pid === null && engine.data !== null) return "dockerd's process is not known, and with it its flags";
  if (data.pid === null && engine.status !== "absent") return `whether dockerd runs is not known: ${engine.detail ?? engine.status}`;
  const command = readStartCommand(data.units);
  return { ...readFlags(data, command), ...readFile(data, engine.detail ?? "there is no engine") };
}

function readFlags(data: DaemonData, command: UnitCommand | null): Pick<Configuration, "running" | "flags" | "flagsUnknown" | "unit"> {
  const unit = command === null ? null : { flags: parseFlags(command.words.slice(1).map(toFlagWord)), unresolved: command.unresolved };
  if (data.pid === null) {
    const [variable] = unit?.unresolved ?? [];
    const flagsUnknown = variable === undefined ? null : `$${variable} of dockerd's unit is set in a file that cannot be read`;
    return { running: false, flags: unit?.flags ?? new Map(), flagsUnknown, unit: null };
  }
  const words = (data.commandLine ?? []).slice(1).map((text) => ({ text, place: null }));
  return { running: true, flags: parseFlags(words), flagsUnknown: data.commandLine === null ? "dockerd's command line cannot be read" : null, unit };
}

function toFlagWord({ text, ...place }: PlacedWord): { text: string; place: Omit<PlacedWord, "text"> } {
  return { text, place };
}

/** `engine`: why there is none, where there is none. */
function readFile({ configFile, startedAt, pid }: DaemonData, engine: string): Pick<Configuration, "file" | "path" | "fileUnknown"> {
  const { path, text, error, explicit } = configFile;
  if (text === null) {
    // dockerd does not start without a file that it was told to read: it has been removed since.
    const missing = error === "ENOENT" && !explicit;
    // A default of an engine that is not there is nobody's fault.
    if (missing && pid === null) return { file: null, path, fileUnknown: `${engine}, and nothing says how one would be set up: there is no ${path}` };
    return { file: null, path, fileUnknown: missing ? null : `${path} cannot be read: ${error ?? "unknown error"}` };
  }
  const file = parseConfigFile(path, text);
  const changed = pid !== null && isChangedSince(configFile.modifiedAt, startedAt);
  return { file, path, fileUnknown: file.error ?? (changed ? `${path} was changed after dockerd started, so it does not tell what runs` : null) };
}

/** Clocks of files lag by some milliseconds, and a file may be written by what starts dockerd right after. */
const SLACK = 1000;

function isChangedSince(modifiedAt: number | null, startedAt: number | null): boolean {
  return modifiedAt !== null && startedAt !== null && modifiedAt > startedAt + SLACK;
}
