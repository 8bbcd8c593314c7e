/** A plan that was saved, beside the one that would be made now. */
import { HardenError } from "../errors.ts";
import { escapeInvisible, quote } from "../text.ts";
import type { Plan, Step } from "./model.ts";

/**
 * The steps that are still to be done, as they are planned now. A step that would be planned no more, for what it closes is closed, is left. Throws
 * HardenError where the host has changed so that a step is another now, with what differs.
 */
export function matchSteps(saved: Plan, now: Plan): Step[] {
  if (saved.host !== now.host) {
    throw new HardenError(`this plan is for the host ${quote(saved.host)}, and this is ${quote(now.host)}`, { hint: "make a plan here: harden scan --plan DIR" });
  }
  return saved.steps.flatMap((step) => {
    const current = now.steps.find(({ id }) => id === step.id);
    if (current === undefined) return refuseImpossible(step, now);
    const differences = listDifferences(materialOf(step), materialOf(current), []);
    if (differences.length > 0) {
      throw new HardenError(`the host has changed since the plan was made: ${quote(step.title)} would be another now\n${differences.slice(0, SHOWN).join("\n")}`, { hint: HINT });
    }
    return [current];
  });
}

const SHOWN = 3;
const HINT = "look at what changed it, then plan again (with the same --profile, --config and --policies)";

function refuseImpossible(step: Step, { omitted }: Plan): [] {
  const findings = new Set(step.findings.map(({ fingerprint }) => fingerprint));
  const reason = omitted.find((one) => one.findings.some(({ fingerprint }) => findings.has(fingerprint)));
  if (reason === undefined) return [];
  throw new HardenError(`the host has changed since the plan was made: ${quote(step.title)} cannot be done now: ${reason.reason}`, { hint: HINT });
}

/** What is done, and what it was planned on. A restarted engine has another process. */
function materialOf(step: Step): Record<string, unknown> {
  const left = new Set(["title", "findings", "notes", "undo", "engine"]);
  return Object.fromEntries(Object.entries(step).filter(([key]) => !left.has(key)));
}

/** Of texts the first line that differs. */
function listDifferences(was: unknown, is: unknown, path: readonly string[]): string[] {
  if (JSON.stringify(was) === JSON.stringify(is)) return [];
  if (typeof was === "string" && typeof is === "string") return [`  ${path.join(".")}${compareLines(was, is)}`];
  if (typeof was === "object" && typeof is === "object" && was !== null && is !== null) {
    const [before, after] = [was, is] as [Record<string, unknown>, Record<string, unknown>];
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => listDifferences(before[key], after[key], [...path, key]));
  }
  return [`  ${path.join(".")}: planned on ${print(was)}, now ${print(is)}`];
}

function compareLines(was: string, is: string): string {
  const [before, after] = [was.split("\n"), is.split("\n")];
  const index = before.findIndex((line, at) => line !== after[at]);
  const line = index < 0 ? before.length : index;
  const where = before.length === 1 && after.length === 1 ? "" : `, line ${line + 1}`;
  return `${where}: planned on ${print(before[line])}, now ${print(after[line])}`;
}

function print(value: unknown): string {
  return value === undefined ? "nothing" : escapeInvisible(JSON.stringify(value));
}
