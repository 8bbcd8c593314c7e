/** `harden confirm`: who came back keeps the change. */
import { findSshConnection, readConnectionStart } from "../../collect/ssh-connection.ts";
import { HardenError } from "../../errors.ts";
import { carryOutKeep } from "../../remediation/apply/carry-out.ts";
import { readBoot } from "../../remediation/apply/clock.ts";
import { requireNetwork } from "../../remediation/apply/identity.ts";
import { isSettled } from "../../remediation/apply/journal/status.ts";
import { listJournals, lookAtJournal, type OpenJournal, openJournal } from "../../remediation/apply/journal/store.ts";
import { takeLock } from "../../remediation/apply/lock.ts";
import { openMachine } from "../../remediation/apply/machine.ts";
import { type Arrival, findObjection } from "../../remediation/apply/switch/objection.ts";
import { suggest } from "../../text.ts";
import { writeNote, writeOut } from "../streams.ts";
import { say } from "../progress.ts";
import { requireRoot } from "./root.ts";
import { describeOutcome, describeUndone, sayLines } from "./say.ts";
import { watchSignals } from "./signals.ts";

/** `id` null: the newest run. The exit code; throws HardenError where it is refused, and then nothing was changed. */
export async function runConfirm(id: string | null): Promise<number> {
  requireRoot("sudo harden confirm");
  const chosen = await chooseRun(id);
  const arrival = await readArrival();
  // Whoever takes it back or confirms it at this moment has the lock: the journal tells afterwards who won.
  say("waiting for the lock …");
  const lock = await takeLock(true);
  const signals = watchSignals();
  try {
    const journal = await openJournal(chosen);
    try {
      const { state } = journal.status();
      if (state === "kept") {
        writeOut(`The change ${chosen} is confirmed already.\n`);
        return 0;
      }
      if (state === "undone" || state === "undoing") {
        writeNote(`harden: too late to confirm ${chosen}\n${describeUndone(journal.status(), chosen)}`);
        return 1;
      }
      requireProof(journal, arrival);
      const outcome = await carryOutKeep(journal, openMachine(lock.descriptor, sayLines("keeping the changes …")), signals.interrupted);
      if (outcome.kind === "done") writeOut(`Confirmed: the change ${chosen} stays. To go back: harden rollback --to ${chosen}\n`);
      else writeNote(describeOutcome(outcome, chosen));
      return outcome.kind === "done" ? 0 : 1;
    } finally {
      journal.close();
    }
  } finally {
    signals.end();
    lock.release();
  }
}

/** Throws HardenError where there is nothing to confirm. */
async function chooseRun(id: string | null): Promise<string> {
  const ids = listJournals();
  if (id !== null) {
    if (!ids.includes(id)) throw new HardenError(`there is no run ${JSON.stringify(id)}`, { hint: ids.length === 0 ? "none was recorded on this machine" : suggest(id, ids) });
    return id;
  }
  const newest = ids.at(-1);
  if (newest === undefined) throw new HardenError("nothing waits to be confirmed: no run was recorded on this machine", { hint: "run it on the host where harden --apply waits" });
  const { journal, status } = await lookAtJournal(newest);
  if (journal.confirm === null && isSettled(status)) throw new HardenError(`nothing waits to be confirmed: the last run, ${newest}, is ${status.state}`, { hint: "harden rollback --list shows what became of the runs" });
  return newest;
}

async function readArrival(): Promise<Arrival> {
  const came = await findSshConnection(process.env);
  return came.kind === "open" ? { ...came, start: await readConnectionStart(came.text) } : came;
}

/** Throws HardenError where the state or the way that the person came is no ground to keep it. */
function requireProof({ journal, status }: OpenJournal, arrival: Arrival): void {
  const refuse = (reason: string, hint: string): HardenError => new HardenError(`not confirmed: ${reason}`, { hint });
  const back = `harden rollback --to ${journal.id} takes it back`;
  const { state, since } = status();
  const { confirm } = journal;
  if (confirm === null || since === null || state === "applying") throw refuse("the run was cut off before all was in force", back);
  if (confirm.boot !== readBoot()) throw refuse("the machine was started anew since then, which took most of the change back by itself", back);
  requireNetwork(journal);
  // A confirmation that was cut off is finished: it had its proof.
  const objection = state === "keeping" ? null : findObjection(arrival, { connection: journal.connection, since });
  if (objection !== null) throw refuse(objection, "log in anew and run harden confirm there");
}
