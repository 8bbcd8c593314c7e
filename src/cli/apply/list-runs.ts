/** `harden rollback --list`. */
import { formatError, HardenError } from "../../errors.ts";
import type { Journal } from "../../remediation/apply/journal/model.ts";
import type { Status } from "../../remediation/apply/journal/status.ts";
import { listJournals, lookAtJournal } from "../../remediation/apply/journal/store.ts";
import { printable } from "../wrap.ts";

/** A line a run, the newest last; of one that cannot be read its error. */
export async function listRuns(): Promise<string> {
  const ids = listJournals();
  if (ids.length === 0) return "No run was recorded on this machine.\n";
  return printable((await Promise.all(ids.map(describeRun))).join(""));
}

async function describeRun(id: string): Promise<string> {
  try {
    const { journal, status } = await lookAtJournal(id);
    return `${id}  ${status.state.padEnd(8)}  ${describeSteps(journal, status)}\n`;
  } catch (error) {
    if (!(error instanceof HardenError)) throw error;
    return `${id}  damaged   ${formatError(error)}\n`;
  }
}

function describeSteps({ plan: { steps } }: Journal, { operations }: Status): string {
  const left = operations.filter(({ event }) => event === "left").length;
  return `${steps.map(({ title }) => title).join("; ")}${left === 0 ? "" : ` (${left} not taken back)`}`;
}
