/** A running engine that takes over another configuration file. */
import Type, { type Static } from "typebox";
import type { DaemonStep } from "../model.ts";
import { closed, common, TextOrNull } from "./common.ts";
import { draftFile, FileOperation, type FileDraft } from "./file.ts";

/**
 * The file stands in its place only while the engine reads it; then the old one is back, and an operation of the phase `keep` puts it there to stay. So a reboot in between
 * brings back what was.
 */
export const DaemonOperation = Type.Object(
  {
    kind: Type.Literal("daemon"),
    ...common,
    file: FileOperation,
    /** What the file has to say while a reload takes the change back; null where the old text does. */
    undoing: TextOrNull,
    /** By SIGHUP, before a restart: with live-restore in force that one leaves containers running. */
    reload: Type.Boolean(),
    restart: Type.Boolean(),
    /** The engine's process when the plan was made; a unit's is looked up. */
    pid: Type.Integer(),
    unit: TextOrNull,
    /** Path of the engine's socket, where it tells when it has reloaded. */
    socket: TextOrNull,
  },
  closed,
);
export type DaemonOperation = Static<typeof DaemonOperation>;
/** Drafted also where nothing is put in force: reading it has the engine judge the file. `pid` null: no engine runs. */
export type DaemonDraft = Omit<DaemonOperation, "file" | "pid"> & { readonly file: FileDraft; readonly pid: number | null };

/** All steps on the file as one change of it. `allowRestart`: whether what a reload does not put in force may cost a restart. */
export function draftDaemon(steps: readonly DaemonStep[], allowRestart: boolean): (DaemonDraft | FileDraft)[] {
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined) return [];
  const { id, file, engine: { pid, unit, endpoint }, undoing } = first;
  const change = { path: file.path, before: file.before, after: last.file.after };
  const changes = steps.flatMap((step) => step.changes);
  const socket = socketOf(endpoint);
  return [
    {
      kind: "daemon", step: id, phase: "try", file: draftFile(id, "try", change), undoing, pid, unit, socket,
      reload: pid !== null && socket !== null && changes.some(({ reload }) => reload),
      restart: allowRestart && pid !== null && unit !== null && changes.some(({ reload }) => !reload),
    },
    draftFile(id, "keep", change),
  ];
}

/** Path of the socket that an endpoint names; null where it is none, or not known. */
export function socketOf(endpoint: string | null): string | null {
  return endpoint?.startsWith("unix://") === true ? endpoint.slice("unix://".length) : null;
}
