/** How far a run came, by its log alone. */
import type { LogEntry, State } from "./model.ts";

export interface OperationStatus {
  readonly event: "pending" | "started" | "done" | "undone" | "left";
  /** What the machine showed when it was done; null if it never was. */
  readonly seen: string | null;
  /** Why it was left. */
  readonly reason: string | null;
}

export interface Status {
  /** `applying` also before the first line. */
  readonly state: State;
  /** The uptime at which it came into that state; null before the first line. */
  readonly since: number | null;
  /** Why it is taken back; null while it is not. */
  readonly cause: string | null;
  readonly operations: readonly OperationStatus[];
}

const PENDING: OperationStatus = { event: "pending", seen: null, reason: null };

/** `count`: of the journal's operations. */
export function readStatus(entries: readonly LogEntry[], count: number): Status {
  const operations = Array.from({ length: count }, () => PENDING);
  let state: State = "applying";
  let [since, cause]: [number | null, string | null] = [null, null];
  for (const entry of entries) {
    if ("state" in entry) {
      [state, since] = [entry.state, entry.uptime];
      if (state === "undoing") cause = entry.detail;
    } else {
      operations[entry.n] = advance(operations[entry.n] ?? PENDING, entry);
    }
  }
  return { state, since, cause, operations };
}

function advance({ seen }: OperationStatus, { event, detail }: Extract<LogEntry, { n: number }>): OperationStatus {
  return { event, seen: event === "done" ? detail : event === "started" ? null : seen, reason: event === "left" ? detail : null };
}

/** Whether the run came to an end: what it did either counts or was taken back, as far as it could be. */
export function isSettled({ state }: Pick<Status, "state">): boolean {
  return state === "kept" || state === "undone";
}

/** Whether there is something that a rollback would take back. */
export function isRevertible({ state, operations }: Status): boolean {
  return state !== "undone" || operations.some(({ event }) => event === "left");
}
