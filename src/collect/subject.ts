/** What the collectors of this machine's side need to know of the engine. */

/** A running container whose process is proved to be its own: the cgroup of `pid` names `id`. */
export interface RunningContainer {
  readonly id: string;
  readonly pid: number;
}

/** The engine that the host's facts are joined with. Only a local one gets here; `pid` is null where no engine could be reached. */
export interface Subject {
  /** dockerd's process: its network namespace is the one whose rules, addresses and sysctls count. Null: the collector's own. */
  readonly pid: number | null;
  /** Why it is not known in which network namespace dockerd is, although it runs here: nobody's is taken for it then. */
  readonly networkUnknown?: string;
  readonly dataRoot: string;
  /** Path of the engine's unix socket, null if it is reached otherwise. */
  readonly socket: string | null;
  readonly containers: readonly RunningContainer[];
}

/** Time that any one source may take, milliseconds. */
export const SOURCE_TIMEOUT = 20_000;
