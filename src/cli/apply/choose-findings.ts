/** `--only` and `--skip`: which findings are to be closed. */
import { HardenError } from "../../errors.ts";
import type { Report } from "../../policy/model/report.ts";
import { describeUnknownPolicy } from "../../policy/parameters.ts";
import type { Plan, Step } from "../../remediation/model.ts";
import type { ApplyFlags } from "./flags.ts";

/** Throws HardenError for a name that is no policy's. */
export function checkNames({ only = [], skip = [] }: ApplyFlags, policies: readonly string[]): void {
  for (const [flag, names] of [["--only", only], ["--skip", skip]] as const) {
    const unknown = names.find((name) => !policies.includes(name));
    if (unknown !== undefined) throw new HardenError(`${flag} ${unknown} names no policy that is judged here`, { hint: describeUnknownPolicy(unknown, policies).hint });
  }
}

/** The report with the results of chosen policies alone. */
export function chooseResults(report: Report, flags: ApplyFlags): Report {
  return { ...report, results: report.results.filter(({ policy }) => isChosen(policy, flags)) };
}

/**
 * Without what nobody asked for by name and may only be done so, or what would lie in wait until the engine's next start, a boot in the night say: it is
 * left out.
 */
export function dropUnasked(plan: Plan, flags: ApplyFlags): Plan {
  const reasons = new Map(plan.steps.map((step) => [step, findReason(step, flags)]));
  const omitted = plan.steps.flatMap((step) => {
    const reason = reasons.get(step) ?? null;
    return reason === null ? [] : [{ what: step.title, reason, findings: step.findings }];
  });
  return { ...plan, steps: plan.steps.filter((step) => reasons.get(step) === null), omitted: [...plan.omitted, ...omitted] };
}

function findReason(step: Step, { only = [], allowRestart }: ApplyFlags): string | null {
  if (step.kind !== "daemon" || step.consent === null) return null;
  const { consent, engine: { pid, unit }, findings } = step;
  if (pid !== null && unit === null) return `${consent}, and no service manager runs this engine, so that it cannot be restarted now, while somebody watches`;
  const asked = findings.some(({ policy }) => only.includes(policy)) && (pid === null || allowRestart === true);
  return asked ? null : `${consent}; --only ${findings[0]?.policy ?? ""}${pid === null ? "" : " --allow-restart"} does it all the same`;
}

/** Of a saved plan's steps those that are for chosen findings. Throws HardenError for a step of which only a part is chosen. */
export function chooseSteps(steps: readonly Step[], flags: ApplyFlags): Step[] {
  return steps.filter(({ title, findings }) => {
    const chosen = findings.filter(({ policy }) => isChosen(policy, flags));
    if (chosen.length > 0 && chosen.length < findings.length) {
      throw new HardenError(`"${title}" of the saved plan is for other policies as well`, { hint: "a saved plan's steps are done whole: say --only and --skip when the plan is made" });
    }
    return chosen.length > 0;
  });
}

function isChosen(policy: string, { only = [], skip = [] }: ApplyFlags): boolean {
  return (only.length === 0 || only.includes(policy)) && !skip.includes(policy);
}
