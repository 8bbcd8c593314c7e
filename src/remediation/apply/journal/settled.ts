/** Whether the last run came to an end. */
import { HardenError } from "../../../errors.ts";
import { isSettled } from "./status.ts";
import { listJournals, lookAtJournal } from "./store.ts";

/**
 * Throws HardenError where a run waits for its confirmation, or was cut off: what it did neither counts nor is undone, and another on top of it could not be taken back
 * apart. The newest journal tells, for none is begun before the last has ended.
 */
export async function requireSettled(): Promise<void> {
  const id = listJournals().at(-1);
  if (id === undefined) return;
  const { status } = await lookAtJournal(id);
  if (isSettled(status)) return;
  throw new HardenError(
    status.state === "awaiting" ? `the change ${id} waits to be confirmed` : `the change ${id} was cut off in the middle`,
    { hint: status.state === "awaiting" ? "harden confirm keeps it, harden rollback takes it back" : "harden rollback takes it back" },
  );
}
