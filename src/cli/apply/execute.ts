/** Carries a plan out that was shown and agreed to, and says what became of it. */
import { HardenError } from "../../errors.ts";
import type { Report } from "../../policy/model/report.ts";
import { carryOutKeep, carryOutTry, type Interrupted, type Outcome } from "../../remediation/apply/carry-out.ts";
import { readBoot } from "../../remediation/apply/clock.ts";
import { identifyHost, identifyNetwork, makeId } from "../../remediation/apply/identity.ts";
import { JOURNAL_VERSION } from "../../remediation/apply/journal/model.ts";
import { pruneJournals } from "../../remediation/apply/journal/prune.ts";
import { requireSettled } from "../../remediation/apply/journal/settled.ts";
import { createJournal, listJournals, lookAtJournal, type OpenJournal, writeAfter } from "../../remediation/apply/journal/store.ts";
import { takeLock } from "../../remediation/apply/lock.ts";
import { type Machine, openMachine } from "../../remediation/apply/machine.ts";
import { readOperations } from "../../remediation/apply/prepare.ts";
import { armSwitch } from "../../remediation/apply/switch/arm.ts";
import { watchRun } from "../../remediation/apply/switch/watch.ts";
import type { Plan } from "../../remediation/model.ts";
import type { Operation } from "../../remediation/operations/model.ts";
import { verifyPlan } from "../../remediation/verify.ts";
import { writeNote, writeOut } from "../streams.ts";
import { describeOutcome, describeUndone, describeUnverified, describeVerification, describeWaiting, sayLine, sayLines } from "./say.ts";
import { watchSignals } from "./signals.ts";

export interface Agreed {
  readonly plan: Plan;
  /** As they were read when the plan was shown. */
  readonly operations: readonly Operation[];
  /** Seconds within which it has to be confirmed, null if it need not be; SSH_CONNECTION, null where one did not come over SSH. */
  readonly confirmation: { readonly seconds: number | null; readonly connection: string | null };
  readonly allowRestart: boolean;
  /** The report that the plan was made from. */
  readonly before: Report;
  /** Scans again. */
  readonly lookAgain: () => Promise<Report>;
}

/** The exit code. Throws HardenError where it is refused, and then nothing was changed. */
export async function execute(agreed: Agreed): Promise<number> {
  const lock = await takeLock();
  const signals = watchSignals();
  let journal: OpenJournal;
  try {
    const machine = openMachine(lock.descriptor, sayLines("making the changes …"));
    journal = await begin(agreed, await readOperations(agreed.plan, machine, agreed.allowRestart));
    if (agreed.confirmation.seconds !== null) await arm(journal);
    const outcome = await change(journal, machine, signals.interrupted);
    if (outcome.kind === "undone") {
      writeNote(describeOutcome(outcome, journal.journal.id));
      return 1;
    }
  } finally {
    signals.end();
    lock.release();
  }
  return agreed.confirmation.seconds === null || (await awaitConfirmation(agreed, journal, agreed.confirmation.seconds)) ? verify(agreed, journal) : 1;
}

async function begin({ plan, operations, before, confirmation: { seconds, connection } }: Agreed, current: readonly Operation[]): Promise<OpenJournal> {
  await requireSettled();
  if (JSON.stringify(current) !== JSON.stringify(operations)) {
    throw new HardenError("what the plan changes was changed by others while it was looked at, so nothing was done", { hint: "run this again, and look at the new plan" });
  }
  const now = new Date();
  const journal = createJournal({
    schemaVersion: JOURNAL_VERSION,
    id: makeId(now, listJournals().at(-1) ?? null),
    tool: plan.tool,
    host: identifyHost(),
    network: identifyNetwork(),
    startedAt: now.toISOString(),
    plan,
    operations: [...current],
    connection,
    confirm: seconds === null ? null : { seconds, boot: readBoot() },
  }, JSON.stringify(before));
  removeOldRuns();
  return journal;
}

/** That it cannot keeps nobody from applying. */
function removeOldRuns(): void {
  try {
    pruneJournals();
  } catch (error) {
    sayLine(`old runs could not be removed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Before the first operation, or there is none. */
async function arm(journal: OpenJournal): Promise<void> {
  try {
    await armSwitch(journal.journal.id, journal.folder, process.env);
  } catch (error) {
    journal.enter("undone", error instanceof Error ? error.message : String(error));
    throw error;
  }
}

/** What has to be confirmed stops short of what a boot would repeat. */
async function change(journal: OpenJournal, machine: Machine, interrupted: Interrupted): Promise<Outcome> {
  const tried = await carryOutTry(journal, machine, interrupted);
  return tried.kind === "done" && journal.journal.confirm === null ? carryOutKeep(journal, machine, interrupted) : tried;
}

/** Whether it is kept. The lock is free meanwhile; a signal ends this process and not the switch. */
async function awaitConfirmation({ lookAgain }: Agreed, journal: OpenJournal, seconds: number): Promise<boolean> {
  const { id } = journal.journal;
  writeOut(describeWaiting(id, seconds));
  const watching = watchRun(id, sayLine);
  // This process may not live to see it confirmed: what the change came to until now is on disk before.
  await keepReport(journal, lookAgain);
  if ((await watching) === "kept") return true;
  writeNote(describeUndone((await lookAtJournal(id)).status, id));
  return false;
}

/** The report of another scan, which the journal keeps if it can; null where there is none. What stands in the way is told. */
async function keepReport(journal: OpenJournal, lookAgain: Agreed["lookAgain"]): Promise<Report | null> {
  let report: Report | null = null;
  try {
    report = await lookAgain();
    writeAfter(journal, JSON.stringify(report));
  } catch (error) {
    if (!(error instanceof HardenError)) throw error;
    sayLine(error.message);
  }
  return report;
}

/** What was done stays, whatever the scan finds, and also where there can be none: then nothing of it is known to be closed. */
async function verify({ plan, lookAgain }: Agreed, journal: OpenJournal): Promise<number> {
  const after = await keepReport(journal, lookAgain);
  if (after === null) {
    writeNote(describeUnverified(journal.journal.id));
    return 1;
  }
  const verification = verifyPlan(plan, after);
  writeOut(describeVerification(verification, journal.journal.id));
  return verification.open.length === 0 ? 0 : 1;
}
