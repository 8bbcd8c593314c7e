/** An engine that was started while a changed daemon.json was there, and so goes on with it when the old one is back. */
import { socketOf } from "../operations/daemon.ts";
import type { Operation } from "../operations/model.ts";
import { findEngine } from "./engine.ts";
import type { Journal } from "./journal/model.ts";
import type { Machine } from "./machine.ts";

/**
 * Of the operation that put daemon.json there to stay, once it is taken back: what has yet to be done, null if nothing. What harden's own reload or restart takes back is not
 * told. Throws HardenError where it cannot be told whether the engine runs.
 */
export async function explainStale({ plan, operations }: Pick<Journal, "plan" | "operations">, { kind, step: id, phase }: Operation, machine: Machine): Promise<string | null> {
  const steps = plan.steps.filter((step) => step.kind === "daemon");
  const first = steps.find((step) => step.id === id);
  if (kind !== "file" || phase !== "keep" || first === undefined) return null;
  const done = operations.find((operation) => operation.kind === "daemon" && operation.step === id);
  const { reload, restart } = done?.kind === "daemon" ? done : { reload: false, restart: false };
  const keys = steps.filter(({ file }) => file.path === first.file.path).flatMap(({ changes }) => changes.filter((change) => !restart && !(reload && change.reload)).map(({ key }) => key));
  if (keys.length === 0) return null;
  const { pid, unit, endpoint } = first.engine;
  const now = await findEngine({ pid, unit, socket: socketOf(endpoint) }, machine);
  if (now === null || now === pid) return null;
  return `${first.file.path} is as it was before, but the engine (process ${now}) was started since and goes on with the changed ${keys.join(", ")} until it is restarted`;
}
