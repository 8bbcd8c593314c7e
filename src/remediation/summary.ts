/** What a plan holds, in a few lines for the console. */
import { join } from "node:path";
import { count, escapeInvisible } from "../text.ts";
import { namePatch } from "./compose-patches/name.ts";
import type { Plan } from "./model.ts";

/** Lines about the plan that was written to a folder. Ends with a line break. */
export function summarizePlan(plan: Plan, folder: string): string {
  const lines = [
    ...plan.steps.map(({ title, findings }) => `  ${title} (for ${count(findings.length, "finding")})`),
    ...plan.steps.flatMap((step) => (step.kind === "daemon" && step.consent !== null ? [`  only when asked by name, apply.sh userns-remap: ${step.consent}`] : [])),
    ...plan.omitted.map(({ what, reason }) => `  left out: ${what}: ${reason}`),
    ...(plan.compose ?? []).map(({ project, patch, reason, findings }) => `  ${patch === null ? `no patch for the compose project ${project}: ${reason ?? ""}` : `${namePatch(project)}, to be read and applied by hand (for ${count(findings.length, "finding")})`}`),
    ...(plan.advice.length === 0 ? [] : [`  ${count(plan.advice.reduce((sum, { items }) => sum + items.length, 0), "finding")} to be mended by hand`]),
    `  read ${join(folder, "plan.md")}`,
    ...(plan.steps.length === 0 ? [] : [`  then run ${join(folder, "apply.sh")}; ${join(folder, "rollback.sh")} goes back`]),
  ];
  const head = plan.steps.length === 0 ? "nothing that a script could put right" : count(plan.steps.length, "step");
  return [`Plan in ${folder}: ${head}`, ...lines].map((line) => `${escapeInvisible(line)}\n`).join("");
}
