/** Words about what was done and undone. */
import type { Outcome } from "../../remediation/apply/carry-out.ts";
import type { Status } from "../../remediation/apply/journal/status.ts";
import { sayLeft } from "../../remediation/apply/take-back.ts";
import type { Verification } from "../../remediation/verify.ts";
import { escapeInvisible } from "../../text.ts";
import { say } from "../progress.ts";
import { writeNote } from "../streams.ts";

/** One line on standard error. */
export function sayLine(text: string): void {
  writeNote(`  ${escapeInvisible(text)}\n`);
}

/** The same for a row of changes: on a terminal it also says, before each line and after it, that they are under way. An engine takes its time to restart. */
export function sayLines(underWay: string): (text: string) => void {
  say(underWay);
  return (text) => {
    sayLine(text);
    say(underWay);
  };
}

export function describeOutcome(outcome: Outcome, id: string): string {
  if (outcome.kind === "done") return "";
  return `harden: ${escapeInvisible(outcome.reason)}\n${describeLeft(outcome.left, id)}`;
}

/** What a rollback of everything came to. */
export function describeLeft(left: readonly string[], id: string): string {
  if (left.length === 0) return "harden: everything is as it was before\n";
  const lines = left.map((why) => `  ${escapeInvisible(why)}\n`).join("");
  return `${lines}harden: everything else is as it was before; harden rollback --to ${id} tries again\n`;
}

export function describeWaiting(id: string, seconds: number): string {
  return `
In force, and taken back in ${seconds} s unless you confirm it from a new connection:
  harden confirm ${id}
Until then nothing of it outlasts a reboot. Ctrl-C ends the waiting here and not the time; harden rollback takes it back at once.
`;
}

/** Of a run that was taken back while it waited, by whomever. */
export function describeUndone({ cause, operations }: Status, id: string): string {
  const left = operations.flatMap(({ event, reason }) => (event === "left" ? [sayLeft(reason ?? "it cannot be told why")] : []));
  return `harden: undone: ${escapeInvisible(cause ?? "it was taken back")}\n${describeLeft(left, id)}`;
}

/** Of a change that is in force, with no scan after it. */
export function describeUnverified(id: string): string {
  return `harden: applied, but what it closed is not known: harden scan tells\n  to go back: harden rollback --to ${id}\n`;
}

export function describeVerification({ closed, open }: Verification, id: string): string {
  const lines = open.map(({ finding: { policy }, message }) => `  still open: ${policy}: ${escapeInvisible(message)}\n`).join("");
  return `\nApplied: ${closed.length} finding${closed.length === 1 ? "" : "s"} closed, ${open.length} still open.\n${lines}To go back: harden rollback --to ${id}\n`;
}
