/** Takes back what a journal's run did, in the reverse order. The lock must be held. */
import { HardenError } from "../../errors.ts";
import type { Operation } from "../operations/model.ts";
import { explainStale } from "./engine-since.ts";
import type { Journal } from "./journal/model.ts";
import type { OpenJournal } from "./journal/store.ts";
import type { Machine } from "./machine.ts";
import { undo } from "./operations/dispatch.ts";

/**
 * Whatever state the run is in. What cannot be taken back, or was changed by others since, does not keep the rest from going back: that
 * is what is given, a sentence each. A journal that cannot be written does not either. `taken`: what this process took back before, and so does not again: the
 * engine would be restarted as often.
 */
export async function takeBack(journal: OpenJournal, machine: Machine, reason: string, taken: Set<number> = new Set<number>()): Promise<string[]> {
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
    const why = taken.has(n) ? null : await takeBackOne(journal.journal, operation, seen, machine).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    if (why === null) taken.add(n);
    else left.push(why);
    write(() => { journal.record(n, why === null ? "undone" : "left", why); });
  }
  write(() => { journal.enter("undone"); });
  return [...left.map(sayLeft), ...troubles.map((trouble) => `what went back is not recorded: ${trouble}`)];
}

async function takeBackOne(journal: Journal, operation: Operation, seen: string | null, machine: Machine): Promise<string | null> {
  return (await undo(operation, seen, machine)) ?? explainStale(journal, operation, machine);
}

/** Of an operation, why it was not taken back. */
export function sayLeft(why: string): string {
  return `not taken back: ${why}`;
}
