/** A daemon.json as something that can be fixed. */
import type { Result } from "../../policy/model/report.ts";
import { mergeDaemonJson } from "../daemon/merge.ts";
import type { Proposal, Read } from "./model.ts";
import type { TextEdit } from "./text-edits.ts";

/** `judge` throws HardenError for a text that dockerd could not read. */
export function daemonSubject(file: string, judge: (text: string) => Promise<readonly Result[]>): Read {
  return async (texts) => {
    const text = texts.get(file) ?? "";
    return { texts, results: await judge(text), propose: (finding) => propose(file, text, finding), compare: () => [] };
  };
}

function propose(file: string, text: string, finding: Result): Proposal | string {
  const { remediation } = finding;
  if (remediation?.type !== "daemon") return "its policy says nothing that could be done";
  const merged = mergeDaemonJson(text, remediation.set);
  if ("fault" in merged) return merged.fault;
  const ways = [[findDifference(file, text, merged.text)]];
  return { finding, safe: remediation.safe === true, group: "daemon", keys: Object.keys(remediation.set), alone: false, late: false, ways, reason: null };
}

/** The one edit that makes of a text another one that has been edited in one place. */
function findDifference(file: string, before: string, after: string): TextEdit {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  return { file, start: head, end: before.length - tail, text: after.slice(head, after.length - tail) };
}
