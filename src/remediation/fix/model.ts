/** What fixing is about, whatever kind of file it is: findings, the edits that would mend them, and what reading the edited text gives. */
import type { Result } from "../../policy/model/report.ts";
import type { TextEdit, Texts } from "./text-edits.ts";

/** How one finding could be mended. */
export interface Proposal {
  readonly finding: Result;
  /** Nothing that runs can break by it. */
  readonly safe: boolean;
  /** What it belongs to: a service, a file. */
  readonly group: string;
  /** Top-level keys of the group that it changes. */
  readonly keys: readonly string[];
  /** It takes something away, from which more may follow than its own finding speaks of. */
  readonly alone: boolean;
  /** Its group is completed by others: what is mended there may be mended here too. */
  readonly late: boolean;
  /** Edits that may do it, to be tried in turn. */
  readonly ways: readonly (readonly TextEdit[])[];
  /** What stands against the one that comes first to mind, if anything: told if none of them does. */
  readonly reason: string | null;
}

/** A difference between what was read before and after an edit that no fix accounts for. */
export interface Mismatch {
  /** Null if it is in no group. */
  readonly group: string | null;
  readonly reason: string;
}

/** What some texts mean, and what could be done about it. */
export interface Reading {
  readonly texts: Texts;
  /** Of every policy, passes too, nothing waived. */
  readonly results: readonly Result[];
  /** A text says why there is nothing to propose. Only for findings whose remediation says what to change. */
  propose(finding: Result): Proposal | string;
  /** `made` are this reading's proposals that the other one comes of; what other `open` ones would do as well is welcome. */
  compare(after: Reading, made: readonly Proposal[], open: readonly Proposal[]): readonly Mismatch[];
}

/** A project or a file on its own. Throws HardenError for texts that cannot be read. */
export type Read = (texts: Texts) => Reading | Promise<Reading>;

/** A fix that was tried: the texts that it makes are read without an error, mend the finding, bring no new one, and change nothing else. */
export interface Tried {
  readonly proposal: Proposal;
  readonly edits: readonly TextEdit[];
}

/** A finding that stays, and why. */
export interface Left {
  readonly finding: Result;
  readonly reason: string;
}

/** What tells a finding from all others of one reading. */
export function findingKey({ policy, resource: { id }, element }: Result): string {
  return JSON.stringify([policy, id, element]);
}

/** Whether its remediation says what to change in a file. */
export function isFixable({ remediation, status }: Result): boolean {
  if (remediation === null || status !== "fail") return false;
  if (remediation.type === "sysctl" || remediation.type === "daemon") return Object.keys(remediation.set).length > 0;
  return "fix" in remediation;
}
