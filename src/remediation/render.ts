/** A plan as files. */
import { BOOT_FILES, nameBootFile } from "./boot-files.ts";
import { namePatch, type PatchName } from "./compose-patches/name.ts";
import { renderPlanText } from "./plan-text.ts";
import type { Plan, Step } from "./model.ts";
import { renderApplyScript } from "./scripts/apply-script.ts";
import { renderRollbackScript } from "./scripts/rollback-script.ts";

export interface PlanFile {
  readonly text: string;
  /** Permission bits. */
  readonly mode: number;
}

/** Every name that a plan can have a file of, besides the patches. */
export const PLAN_FILES = [
  "docker-user.rules", "docker-user6.rules", "harden.nft", ...BOOT_FILES, "sysctl.conf", "modules-load.conf", "daemon.json", "daemon-userns-remap.json",
  "apply.sh", "rollback.sh", "plan.md", "plan.json",
] as const;
export type PlanFileName = (typeof PLAN_FILES)[number] | PatchName;

/** The files by name. plan.json, plan.md and the scripts are always there: rollback.sh may have to take back what an earlier plan of the folder did. */
export function renderPlan(plan: Plan): Partial<Record<PlanFileName, PlanFile>> {
  const data = (text: string): PlanFile => ({ text, mode: 0o600 });
  const files: Partial<Record<PlanFileName, PlanFile>> = {
    "plan.json": data(`${JSON.stringify(plan, null, 2)}\n`),
    "plan.md": data(renderPlanText(plan)),
    "apply.sh": { text: renderApplyScript(plan), mode: 0o700 },
    "rollback.sh": { text: renderRollbackScript(plan), mode: 0o700 },
  };
  for (const { project, patch } of plan.compose ?? []) if (patch !== null) files[namePatch(project)] = data(patch);
  for (const step of plan.steps) for (const [name, text] of filesOf(step)) files[name] = data(text);
  return files;
}

function filesOf(step: Step): [PlanFileName, string][] {
  switch (step.kind) {
    case "iptables":
      return [[step.family === "v4" ? "docker-user.rules" : "docker-user6.rules", step.after]];
    case "nft":
      return [["harden.nft", step.after]];
    case "persistence":
      return step.files.map(({ path, after }) => [nameBootFile(path), after]);
    case "sysctl":
      return [["sysctl.conf", step.file.after], ...(step.modules === null ? [] : [["modules-load.conf", step.modules.after] as [PlanFileName, string]])];
    case "modes":
    case "containers":
      return [];
    case "daemon":
      return [[step.consent === null ? "daemon.json" : "daemon-userns-remap.json", step.file.after]];
  }
}
