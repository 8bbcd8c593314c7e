/** The journal of one run of `apply`: everything that undoing it needs, in a folder of its own. */
import Type, { type Static } from "typebox";
import { Plan } from "../../model.ts";
import { closed, TextOrNull } from "../../operations/common.ts";
import { Operation } from "../../operations/model.ts";

/** Goes up when a reader of the old form would misread the new one. */
export const JOURNAL_VERSION = "1";

/** journal.json: written whole, and on disk before the first operation. */
export const Journal = Type.Object(
  {
    schemaVersion: Type.Literal(JOURNAL_VERSION),
    /** Name of the folder: sorts by time. */
    id: Type.String(),
    tool: Type.Object({ name: Type.String(), version: Type.String() }, closed),
    host: Type.Object({ name: Type.String(), machineId: TextOrNull }, closed),
    /** Where it was run: the network namespace, in which run of the kernel (random/boot_id). */
    network: Type.Object({ boot: Type.String(), namespace: Type.String() }, closed),
    startedAt: Type.String(),
    /** Without its $id, which Ajv takes only once. */
    plan: Type.Object(Plan.properties, closed),
    /** In the order in which they are done. */
    operations: Type.Array(Operation),
    /** SSH_CONNECTION of the run; null if it did not come over SSH. */
    connection: TextOrNull,
    /** It goes back unless it is confirmed within so many seconds, in the same run of the kernel (random/boot_id); null if it need not be confirmed. */
    confirm: Type.Union([Type.Object({ seconds: Type.Number(), boot: Type.String() }, closed), Type.Null()]),
  },
  { ...closed, $id: "urn:harden:journal:1", title: "harden journal" },
);
export type Journal = Static<typeof Journal>;

/** applying → awaiting → keeping → kept, and from each of them undoing → undone. Without --confirm-within there is no `awaiting`. */
export const STATES = ["applying", "awaiting", "keeping", "kept", "undoing", "undone"] as const;
export type State = (typeof STATES)[number];

/** A line of the file log, appended and on disk before what follows it. */
export type LogEntry =
  /** `uptime`: by `readUptime`, since wall clocks jump. */
  | { readonly at: string; readonly uptime: number; readonly state: State; readonly detail: string | null }
  /**
   * Of operation `n`, from 0. `detail`: of `done` what the machine showed then, of `left` the reason.
   */
  | { readonly at: string; readonly n: number; readonly event: OperationEvent; readonly detail: string | null };

export type OperationEvent = "started" | "done" | "undone" | "left";
