/** Waiting for a change to be confirmed, and taking it back when it is not. */
import { setTimeout as sleep } from "node:timers/promises";
import { HardenError } from "../../../errors.ts";
import { readBoot, readUptime } from "../clock.ts";
import type { Journal } from "../journal/model.ts";
import type { Status } from "../journal/status.ts";
import { listJournals, lookAtJournal, lookAtLog, openJournal } from "../journal/store.ts";
import { takeLock } from "../lock.ts";
import { openMachine } from "../machine.ts";
import { takeBack } from "../take-back.ts";
import { judgeStanding, type Standing } from "./due.ts";

/** Milliseconds: how soon a confirmation is noticed, and how often what cannot be done is tried again. */
const POLL_INTERVAL = 250;
const RETRY_INTERVAL = 2000;

/**
 * Returns when the run is kept or undone, by whomever. Whoever holds the lock when it is due takes it back: the detached switch, or the
 * run itself, which waits in the foreground. What goes wrong on the way is said and tried again. Throws HardenError where there is no journal, or none any more.
 */
export async function watchRun(id: string, say: (text: string) => void): Promise<"kept" | "undone"> {
  const start = readUptime();
  const { journal } = await lookAtJournal(id);
  const taken = new Set<number>();
  for (;;) {
    try {
      const standing = judge(journal, lookAtLog(journal), start);
      if (standing.kind === "settled") return standing.state;
      if (standing.kind === "waiting") await sleep(Math.min(POLL_INTERVAL, standing.seconds * 1000));
      else if (!(await takeBackIfDue(id, start, taken, say))) await sleep(RETRY_INTERVAL);
    } catch (error) {
      if (!(error instanceof HardenError) || !listJournals().includes(id)) throw error;
      say(error.message);
      await sleep(RETRY_INTERVAL);
    }
  }
}

/** Before the first line of the log, which is a moment, what was armed counts from when it began to watch. A run that need not be confirmed does not wait for it. */
function judge({ confirm }: Journal, { state, since }: Status, start: number): Standing {
  const moment = { uptime: readUptime(), boot: readBoot() };
  return judgeStanding(state, since ?? start, confirm ?? { seconds: 0, boot: moment.boot }, moment);
}

/** Whether that is recorded. Whoever had the lock before may have settled it. */
async function takeBackIfDue(id: string, start: number, taken: Set<number>, say: (text: string) => void): Promise<boolean> {
  const lock = await takeLock(true);
  try {
    const journal = await openJournal(id);
    try {
      const standing = judge(journal.journal, journal.status(), start);
      if (standing.kind !== "due") return true;
      say(`${standing.reason}: everything goes back`);
      for (const left of await takeBack(journal, openMachine(lock.descriptor, say), standing.reason, taken)) say(left);
      return journal.status().state === "undone";
    } finally {
      journal.close();
    }
  } finally {
    lock.release();
  }
}
