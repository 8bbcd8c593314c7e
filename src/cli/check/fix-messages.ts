/** What fixing has done, in words for standard error. */
import type { Result } from "../../policy/model/report.ts";
import { printable } from "../wrap.ts";
import type { FixPlan } from "./plan-fixes.ts";
import { STANDARD_INPUT } from "./read.ts";

/** More than a person reads in one go. */
const MAX_LEFT = 20;

/** `done`: the files that were written; null where none should be. Ends in a line break unless there is nothing to say. */
export function describePlan({ files, fixed, held, left }: FixPlan, { unsafe, done }: { unsafe: boolean; done: ReadonlySet<string> | null }): string {
  const reported = left.filter(({ finding }) => unsafe || isSafe(finding));
  const lines = [
    ...files.filter(({ file }) => done?.has(file) !== false).map(({ file }) => `${done === null ? "--fix would fix" : "fixed"} ${fixed.filter((one) => one.file === file).length} in ${file === STANDARD_INPUT ? "standard input" : file}`),
    ...reported.slice(0, MAX_LEFT).map(({ finding, reason }) => `not fixed: ${describeFinding(finding)}: ${reason}`),
    ...(reported.length > MAX_LEFT ? [`not fixed: ${reported.length - MAX_LEFT} more`] : []),
    ...(held.length === 0 ? [] : [`${held.length} more with --unsafe, which may break a running service`]),
  ];
  return printable(lines.map((line) => `harden: ${line}\n`).join(""));
}

function isSafe({ remediation }: Result): boolean {
  if (remediation === null) return false;
  return "fix" in remediation ? remediation.fix.safe !== undefined : "safe" in remediation;
}

function describeFinding({ policy, location, resource: { id, kind }, element }: Result): string {
  const where = location === null ? (id ?? kind) : `${location.file}:${location.line}:${location.column}`;
  return `${where}: ${policy}${element === null ? "" : ` (${element})`}`;
}
