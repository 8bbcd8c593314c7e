/** Takes back what a journal's run did, in the reverse order. The lock must be held. */
import { HardenError } from "../../errors.ts";
import type { OpenJournal } from "./journal/store.ts";
import type { Machine } from "./machine.ts";
import { undo } from "./operations/dispatch.ts";

/**
 * Whatever state the run is in. What cannot be taken back, or was changed by others since, does not keep the rest from going back: the reasons
 * are what is given. A journal that cannot be written does not either: doing it all again changes nothing.
 */
export async function takeBack(journal: OpenJournal, machine: Machine, reason: string): Promise<string[]> {
  const troubles: string[] = [];
  const write = (run: () => void): void => {
    try {
      run();
    } catch (error) {
      if (!(error instanceof HardenError)) throw error;
      if (!troubles.includes(error.message)) troubles.push(error.message);
    }
  };
  const { operations } = journal.status();
  write(() => { journal.enter("undoing", reason); });
  const left: string[] = [];
  for (const [n, operation] of [...journal.journal.operations.entries()].reverse()) {
    const { event, seen } = operations[n] ?? { event: "pending", seen: null };
    if (event === "pending" || event === "undone") continue;
    const why = await undo(operation, seen, machine).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    if (why !== null) left.push(why);
    write(() => { journal.record(n, why === null ? "undone" : "left", why); });
  }
  write(() => { journal.enter("undone"); });
  return [...left, ...troubles];
}
