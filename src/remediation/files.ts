/** `harden scan --plan DIR`: the remediation as files. */
import { deriveFacts } from "../facts/derive.ts";
import type { ParameterValues } from "../policy/parameters.ts";
import type { Report } from "../policy/model/report.ts";
import type { Snapshot } from "../snapshot/model.ts";
import type { Plan } from "./model.ts";
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

/** Writes the plan's files and gives what to print about them. Throws HardenError. */
export function writePlanFiles(folder: string, plan: Plan): string {
  writePlan(folder, renderPlan(plan));
  return summarizePlan(plan, folder);
}
