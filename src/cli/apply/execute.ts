/** Carries a plan out that was shown and agreed to, and says what became of it. */
import { HardenError } from "../../errors.ts";
import type { Report } from "../../policy/model/report.ts";
import { carryOutKeep, carryOutTry } from "../../remediation/apply/carry-out.ts";
import { identifyHost, makeId } from "../../remediation/apply/identity.ts";
import { JOURNAL_VERSION } from "../../remediation/apply/journal/model.ts";
import { requireSettled } from "../../remediation/apply/journal/settled.ts";
import { createJournal, type OpenJournal, writeAfter } from "../../remediation/apply/journal/store.ts";
import { takeLock } from "../../remediation/apply/lock.ts";
import { openMachine } from "../../remediation/apply/machine.ts";
import { readOperations } from "../../remediation/apply/prepare.ts";
import type { Plan } from "../../remediation/model.ts";
import type { Operation } from "../../remediation/operations/model.ts";
import { verifyPlan } from "../../remediation/verify.ts";
import { writeError, writeOut } from "../streams.ts";
import { describeOutcome, describeVerification, sayLine } from "./say.ts";
import { watchSignals } from "./signals.ts";

export interface Agreed {
  readonly plan: Plan;
  /** As they were read when the plan was shown. */
  readonly operations: readonly Operation[];
  /** The report that the plan was made from. */
  readonly before: Report;
  /** Scans again. */
  readonly lookAgain: () => Promise<Report>;
}

/** The exit code. Throws HardenError where it is refused, and then nothing was changed. */
export async function execute(agreed: Agreed): Promise<number> {
  const lock = await takeLock();
  const signals = watchSignals();
  try {
    const machine = openMachine(lock.descriptor, sayLine);
    const journal = await begin(agreed, await readOperations(agreed.plan, machine));
    const tried = await carryOutTry(journal, machine, signals.interrupted);
    const outcome = tried.kind === "done" ? await carryOutKeep(journal, machine, signals.interrupted) : tried;
    writeError(describeOutcome(outcome, journal.journal.id));
    return outcome.kind === "done" ? await verify(agreed, journal) : 1;
  } finally {
    signals.end();
    lock.release();
  }
}

async function begin({ plan, operations, before }: Agreed, current: readonly Operation[]): Promise<OpenJournal> {
  await requireSettled();
  if (JSON.stringify(current) !== JSON.stringify(operations)) {
    throw new HardenError("what the plan changes was changed by others while it was looked at, so nothing was done", { hint: "run this again, and look at the new plan" });
  }
  const now = new Date();
  return createJournal({
    schemaVersion: JOURNAL_VERSION,
    id: makeId(now),
    tool: plan.tool,
    host: identifyHost(),
    startedAt: now.toISOString(),
    plan,
    operations: [...current],
    connection: process.env["SSH_CONNECTION"] ?? null,
    confirm: null,
  }, JSON.stringify(before));
}

/** What was done stays, whatever the scan finds. */
async function verify({ plan, lookAgain }: Agreed, journal: OpenJournal): Promise<number> {
  const after = await lookAgain();
  writeAfter(journal, JSON.stringify(after));
  const verification = verifyPlan(plan, after);
  writeOut(describeVerification(verification, journal.journal.id));
  return verification.open.length === 0 ? 0 : 1;
}
