/** Whether the last run came to an end. */
import { HardenError } from "../../../errors.ts";
import { readBoot } from "../clock.ts";
import { isSettled } from "./status.ts";
import { listJournals, lookAtJournal } from "./store.ts";

/**
 * Throws HardenError where a run waits for its confirmation, or was cut off: what it did neither counts nor is undone, and another on top of it could not be taken back
 * apart. The newest journal tells, for none is begun before the last has ended.
 */
export async function requireSettled(): Promise<void> {
  const id = listJournals().at(-1);
  if (id === undefined) return;
  const { journal: { confirm }, status } = await lookAtJournal(id);
  if (isSettled(status)) return;
  if (status.state !== "awaiting") throw new HardenError(`the change ${id} was cut off in the middle`, { hint: "harden rollback takes it back" });
  if (confirm?.boot !== readBoot()) {
    throw new HardenError(`the machine was started anew while the change ${id} waited to be confirmed`, { hint: "harden rollback takes back what is left of it" });
  }
  throw new HardenError(`the change ${id} waits to be confirmed`, { hint: "harden confirm keeps it, harden rollback takes it back" });
}
