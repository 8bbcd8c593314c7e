/** Finds container engines among this machine's processes. */
import { basename } from "node:path";
import { listProcessIds, readProc, readProcLink } from "./proc.ts";

export interface EngineProcess {
  readonly pid: number;
  readonly engine: "dockerd" | "podman";
}

/** Distributions wrap or rename the program: `.dockerd-wrapped`, `dockerd-current`. */
const ENGINE_NAME = /^\.?(dockerd|podman)(-[a-z]+)?$/;

/**
 * Processes whose executable is an engine, by process id. The name that a process gives itself only chooses whom to look at; where
 * its executable cannot be read (another user's, without root) that name has to do.
 */
export function findEngineProcesses(): EngineProcess[] {
  return listProcessIds().flatMap((pid) => {
    if (matchEngine(readProc(`/proc/${pid}/comm`)?.trim() ?? "") === null) return [];
    const engine = identifyEngine(pid);
    return engine === null ? [] : [{ pid, engine }];
  });
}

/** Which engine a process runs, null if none. */
export function identifyEngine(pid: number): EngineProcess["engine"] | null {
  // An upgrade replaces the file under a running engine: the link then ends in " (deleted)".
  const executable = readProcLink(`/proc/${pid}/exe`)?.replace(/ \(deleted\)$/, "");
  return matchEngine(executable === undefined ? (readProc(`/proc/${pid}/comm`)?.trim() ?? "") : basename(executable));
}

function matchEngine(name: string): EngineProcess["engine"] | null {
  const engine = ENGINE_NAME.exec(name)?.[1];
  return engine === "dockerd" || engine === "podman" ? engine : null;
}
