/** What fixing has done, in words for standard error. */
import type { Result } from "../../policy/model/report.ts";
import { printable } from "../wrap.ts";
import type { FixPlan } from "./plan-fixes.ts";
import { STANDARD_INPUT } from "./read.ts";

/** More than a person reads in one go. */
const MAX_LEFT = 20;

/** `done`: the files that were written; null where none should be. Ends in a line break unless there is nothing to say. */
export function describePlan({ files, fixed, held, left }: FixPlan, done: ReadonlySet<string> | null): string {
  const lines = [
    ...files.filter(({ file }) => done?.has(file) !== false).map(({ file }) => `${done === null ? "--fix would fix" : "fixed"} ${fixed.filter((one) => one.file === file).length} in ${file === STANDARD_INPUT ? "standard input" : file}`),
    ...left.slice(0, MAX_LEFT).map(({ finding, reason }) => `not fixed: ${describeFinding(finding)}: ${reason}`),
    ...(left.length > MAX_LEFT ? [`not fixed: ${left.length - MAX_LEFT} more`] : []),
    ...(held.length === 0 ? [] : [`${held.length} more may be fixed with --unsafe, which may break a running service`]),
  ];
  return printable(lines.map((line) => `harden: ${line}\n`).join(""));
}

function describeFinding({ policy, location, resource: { id, kind }, element }: Result): string {
  const where = location === null ? (id ?? kind) : `${location.file}:${location.line}:${location.column}`;
  return `${where}: ${policy}${element === null ? "" : ` (${element})`}`;
}
