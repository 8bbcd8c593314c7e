/** Removes journals of runs that ended long ago, since each holds whole reports and files. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { HardenError } from "../../../errors.ts";
import { removeDurably } from "../durable.ts";
import { isSettled } from "./status.ts";
import { JOURNALS, listJournals, lookAtLogOf } from "./store.ts";

/** Ended runs that are kept. */
const MOST_SETTLED = 10;

/** The newest ended runs stay, and every one that did not end or whose log is damaged. The lock must be held. Throws as node:fs does. */
export function pruneJournals(): void {
  for (const id of listJournals().filter(hasEnded).slice(0, -MOST_SETTLED)) {
    // First, so that what a crash leaves is no journal.
    removeDurably(join(JOURNALS, id, "journal.json"));
    rmSync(join(JOURNALS, id), { recursive: true });
  }
}

function hasEnded(id: string): boolean {
  try {
    return isSettled(lookAtLogOf(id));
  } catch (error) {
    if (!(error instanceof HardenError)) throw error;
    return false;
  }
}
