/** Does a journal's operations. The lock must be held, and the journal be on disk. */
import { HardenError } from "../../errors.ts";
import type { State } from "./journal/model.ts";
import type { OpenJournal } from "./journal/store.ts";
import type { Machine } from "./machine.ts";
import { perform } from "./operations/dispatch.ts";
import { takeBack } from "./take-back.ts";

/** `undone`: something failed, and the whole was taken back, but for what is `left`. */
export type Outcome = { readonly kind: "done" } | { readonly kind: "undone"; readonly reason: string; readonly left: readonly string[] };

/** Gives why to stop and go back, such as a signal; null to go on. Asked before each operation. */
export type Interrupted = () => string | null;

/** The operations of the phase `try`: what takes effect now. A change that has to be confirmed waits for that afterwards. */
export function carryOutTry(journal: OpenJournal, machine: Machine, interrupted: Interrupted): Promise<Outcome> {
  return carryOut(journal, { phase: "try", from: "applying", to: journal.journal.confirm === null ? null : "awaiting" }, machine, interrupted);
}

/** The operations of the phase `keep`; then the change counts. */
export function carryOutKeep(journal: OpenJournal, machine: Machine, interrupted: Interrupted): Promise<Outcome> {
  return carryOut(journal, { phase: "keep", from: "keeping", to: "kept" }, machine, interrupted);
}

/** The journal's states while its operations are done, and once they are. */
interface Stage {
  readonly phase: "try" | "keep";
  readonly from: State;
  readonly to: State | null;
}

async function carryOut(journal: OpenJournal, { phase, from, to }: Stage, machine: Machine, interrupted: Interrupted): Promise<Outcome> {
  try {
    journal.enter(from);
    for (const [n, operation] of journal.journal.operations.entries()) {
      if (operation.phase !== phase) continue;
      const stop = interrupted();
      if (stop !== null) throw new HardenError(stop);
      journal.record(n, "started");
      journal.record(n, "done", await perform(operation, machine));
    }
    // Within: a change that the journal does not tell of goes back as well.
    if (to !== null) journal.enter(to);
    return { kind: "done" };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const left = await takeBack(journal, machine, reason);
    // A fault of harden: told with its stack, after all is back.
    if (!(error instanceof HardenError)) {
      for (const why of left) machine.say(why);
      throw error;
    }
    return { kind: "undone", reason, left };
  }
}
