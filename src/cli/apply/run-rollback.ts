/** `harden rollback`: choose the runs, show what goes back, ask, take it back. */
import { HardenError } from "../../errors.ts";
import { requireNetwork } from "../../remediation/apply/identity.ts";
import type { Journal } from "../../remediation/apply/journal/model.ts";
import { isRevertible, type Status } from "../../remediation/apply/journal/status.ts";
import { listJournals, lookAtJournal, openJournal } from "../../remediation/apply/journal/store.ts";
import { takeLock } from "../../remediation/apply/lock.ts";
import { type Machine, openMachine } from "../../remediation/apply/machine.ts";
import { takeBack } from "../../remediation/apply/take-back.ts";
import { describeOperation } from "../../remediation/operations/describe.ts";
import { suggest } from "../../text.ts";
import { printable } from "../wrap.ts";
import { writeNote, writeOut } from "../streams.ts";
import { ask } from "./ask.ts";
import { listRuns } from "./list-runs.ts";
import { requireRoot } from "./root.ts";
import { describeLeft, sayLines } from "./say.ts";
import { watchSignals } from "./signals.ts";

export interface RollbackFlags {
  readonly list?: boolean;
  readonly to?: string;
  readonly yes?: boolean;
}

/** The exit code. Throws HardenError where it is refused, and then nothing was changed. */
export async function runRollback(flags: RollbackFlags): Promise<number> {
  requireRoot("sudo harden rollback");
  if (flags.list === true) {
    writeOut(await listRuns());
    return 0;
  }
  const runs = await chooseRuns(flags.to);
  if (runs.length === 0) {
    writeOut("Nothing to take back.\n");
    return 0;
  }
  for (const { journal } of runs) requireNetwork(journal);
  writeOut(printable(runs.map(({ journal, status }) => showRun(journal, status)).join("")));
  if (flags.yes !== true && !(await ask("\nTake this back?"))) {
    writeNote("harden: nothing was changed\n");
    return 2;
  }
  return takeBackAll(runs.map(({ journal }) => journal.id), flags.to);
}

interface Run {
  readonly journal: Journal;
  readonly status: Status;
}

/** The newest first. Without `to` the last that has something to take back. */
async function chooseRuns(to: string | undefined): Promise<Run[]> {
  const ids = listJournals().reverse();
  if (to !== undefined && !ids.includes(to)) throw new HardenError(`there is no run ${JSON.stringify(to)}`, { hint: ids.length === 0 ? "none was recorded on this machine" : suggest(to, ids) });
  const runs: Run[] = [];
  for (const id of to === undefined ? ids : ids.filter((other) => other >= to)) {
    const run = await lookAtJournal(id);
    if (isRevertible(run.status)) runs.push(run);
    if (to === undefined && runs.length > 0) break;
  }
  return runs;
}

function showRun({ id, operations }: Journal, status: Status): string {
  const lines = operations.flatMap((operation, n) => {
    const event = status.operations[n]?.event ?? "pending";
    return event === "pending" || event === "undone" ? [] : [`  ${describeOperation(operation)}\n`];
  });
  return `${id}, ${status.state}, to be taken back:\n${lines.reverse().join("")}`;
}

/** One after the other, so that each finds the machine as it left it. */
async function takeBackAll(ids: readonly string[], to: string | undefined): Promise<number> {
  const lock = await takeLock();
  // Begun, it goes on to its end: half of it is the worst of all.
  const signals = watchSignals();
  try {
    if (JSON.stringify((await chooseRuns(to)).map(({ journal }) => journal.id)) !== JSON.stringify(ids)) {
      throw new HardenError("what there is to take back has changed since it was shown, so nothing was done", { hint: "run this again" });
    }
    const machine = openMachine(lock.descriptor, sayLines("taking the changes back …"));
    let left = 0;
    for (const id of ids) left += await takeBackOne(id, machine);
    return left === 0 ? 0 : 1;
  } finally {
    signals.end();
    lock.release();
  }
}

async function takeBackOne(id: string, machine: Machine): Promise<number> {
  const journal = await openJournal(id);
  try {
    const left = await takeBack(journal, machine, "harden rollback");
    writeNote(`${id}: ${describeLeft(left, id)}`);
    return left.length;
  } finally {
    journal.close();
  }
}
