/** Where dockerd's configuration file is, and what it says. */
import { lstatSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { posix } from "node:path";
import type { DaemonData } from "../snapshot/model.ts";
import { redactDaemonText } from "../snapshot/redact.ts";
import { readProc, statusField } from "./proc.ts";
import { pathInProcess } from "./process-root.ts";
import { readTextFile } from "./text-file.ts";

export interface ConfigLocation {
  readonly path: string;
  /** Named by --config-file. */
  readonly explicit: boolean;
}

const DEFAULT_PATH = "/etc/docker/daemon.json";

/** `words` is the command line that starts dockerd. */
export function locateConfig(words: readonly string[], rootless: boolean, configHome: string): ConfigLocation {
  const named = findConfigFlag(words);
  if (named !== null) return { path: named, explicit: true };
  return { path: rootless ? `${configHome}/docker/daemon.json` : DEFAULT_PATH, explicit: false };
}

/** $XDG_CONFIG_HOME or ~/.config of the user who runs dockerd, from its own environment, else from passwd; ours where none runs. */
export function findConfigHome(pid: number | null): string {
  const environment = pid === null ? null : readProc(`/proc/${pid}/environ`);
  const variable = (name: string): string | null => environment?.split("\0").find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
  return variable("XDG_CONFIG_HOME") ?? posix.join(variable("HOME") ?? homeOf(pid), ".config");
}

/** Reads it as dockerd sees it: through its own root where that is another one. */
export function readConfigFile({ path, explicit }: ConfigLocation, pid: number | null): DaemonData["configFile"] {
  const real = pid === null ? path : pathInProcess(pid, path);
  const { text, error } = readTextFile(real);
  return { path, explicit, text: text === null ? null : redactDaemonText(text), error, modifiedAt: changeTime(real) };
}

/** The last of several wins (pflag). */
function findConfigFlag(words: readonly string[]): string | null {
  let found: string | null = null;
  words.forEach((word, index) => {
    if (word.startsWith("--config-file=")) found = word.slice("--config-file=".length);
    else if (word === "--config-file") found = words[index + 1] ?? null;
  });
  return found;
}

function homeOf(pid: number | null): string {
  if (pid === null) return homedir();
  const uid = statusField(readProc(`/proc/${pid}/status`) ?? "", "Uid")?.split(/\s/)[0];
  const entry = readProc("/etc/passwd")?.split("\n").map((line) => line.split(":")).find((fields) => fields[2] === uid);
  return entry?.[5] ?? homedir();
}

/** The inode's change time: a file put in place by rename or with an old modification time shows there, and a new link to another file too. */
function changeTime(path: string): number | null {
  try {
    return Math.round(Math.max(statSync(path).ctimeMs, lstatSync(path).ctimeMs));
  } catch {
    return null;
  }
}
