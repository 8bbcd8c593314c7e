/** `harden scan --plan DIR`: the remediation as files. */
import { deriveFacts } from "../facts/derive.ts";
import type { ParameterValues } from "../policy/parameters.ts";
import type { Report } from "../policy/model/report.ts";
import type { Snapshot } from "../snapshot/model.ts";
import type { CompiledPolicy } from "../policy/compile.ts";
import { type PatchRequest, planPatches } from "./compose-patches/plan-patches.ts";
import type { ComposePatch, Plan } from "./model.ts";
import { buildPlan, PLAN_KINDS } from "./plan.ts";
import { renderPlan } from "./render.ts";
import type { DerivedKinds } from "../policy/evaluate.ts";
import { summarizePlan } from "./summary.ts";
import { writePlan } from "./write.ts";

/** The plan. Kinds of facts that it needs and `kinds` lacks are derived. */
export function makePlan(report: Report, snapshot: Snapshot, kinds: DerivedKinds, parameters: ParameterValues = {}): Plan {
  const missing = deriveFacts(snapshot, PLAN_KINDS.filter((kind) => kinds[kind] === undefined));
  return buildPlan(report, snapshot, { ...missing, ...kinds }, parameters);
}

/** What compose files would have to say, as `makePlan` derives facts. */
export function planCompose(report: Report, snapshot: Snapshot, kinds: DerivedKinds, compiled: readonly CompiledPolicy[], files: PatchRequest["files"]): Promise<ComposePatch[]> {
  const missing = deriveFacts(snapshot, (["container", "daemon"] as const).filter((kind) => kinds[kind] === undefined));
  return planPatches({ report, kinds: { ...missing, ...kinds }, compiled, files });
}

/** Writes the plan's files and gives what to print about them. Throws HardenError. */
export function writePlanFiles(folder: string, plan: Plan): string {
  writePlan(folder, renderPlan(plan));
  return summarizePlan(plan, folder);
}
