/**
 * Carries a plan's steps out as `harden apply` does, without looking for what is to be done, and ends itself by SIGKILL where it is told to.
 * usage: apply-steps.ts PLAN.json [LINE [OPERATION]]: at that line of the journal's log, from 1, which then is not written (0: at none); asked to stop before that
 * operation, from 0
 */
import { readFileSync } from "node:fs";
import { carryOutKeep, carryOutTry } from "../../src/remediation/apply/carry-out.ts";
import { identifyHost, identifyNetwork, makeId } from "../../src/remediation/apply/identity.ts";
import { createJournal, listJournals, type OpenJournal } from "../../src/remediation/apply/journal/store.ts";
import { takeLock } from "../../src/remediation/apply/lock.ts";
import { openMachine } from "../../src/remediation/apply/machine.ts";
import { readOperations } from "../../src/remediation/apply/prepare.ts";
import type { Plan } from "../../src/remediation/model.ts";

const [file = "", line = "0", operation = "-1"] = process.argv.slice(2);
const plan = JSON.parse(readFileSync(file, "utf8")) as Plan;
const { descriptor } = await takeLock();
const machine = openMachine(descriptor, (text) => { console.log(text); });
const now = new Date();
const journal = dieAt(Number(line), createJournal({
  schemaVersion: "1", id: makeId(now, listJournals().at(-1) ?? null), tool: plan.tool, host: identifyHost(), network: identifyNetwork(), startedAt: now.toISOString(),
  plan, operations: await readOperations(plan, machine, false), connection: null, confirm: null,
}, "{}"));
let asked = 0;
const interrupted = (): string | null => (asked++ === Number(operation) ? "it was stopped" : null);
const tried = await carryOutTry(journal, machine, interrupted);
const outcome = tried.kind === "done" ? await carryOutKeep(journal, machine, interrupted) : tried;
console.log(JSON.stringify(outcome));

function dieAt(count: number, open: OpenJournal): OpenJournal {
  let left = count;
  const countDown = (): void => { if (--left === 0) process.kill(process.pid, "SIGKILL"); };
  return {
    ...open,
    enter: (...args) => {
      countDown();
      open.enter(...args);
    },
    record: (...args) => {
      countDown();
      open.record(...args);
    },
  };
}
