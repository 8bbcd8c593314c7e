/** `harden scan --plan DIR`: the remediation as files. */
import { deriveFacts } from "../facts/derive.ts";
import type { ParameterValues } from "../policy/parameters.ts";
import type { Report } from "../policy/model/report.ts";
import type { Snapshot } from "../snapshot/model.ts";
import { buildPlan, PLAN_KINDS } from "./plan.ts";
import { renderPlan } from "./render.ts";
import type { DerivedKinds } from "../policy/evaluate.ts";
import { summarizePlan } from "./summary.ts";
import { writePlan } from "./write.ts";

/** Writes the plan's files and gives what to print about them. Kinds that the plan needs and `kinds` lacks are derived. Throws HardenError. */
export function writePlanFiles(folder: string, report: Report, snapshot: Snapshot, kinds: DerivedKinds, parameters: ParameterValues = {}): string {
  const missing = deriveFacts(snapshot, PLAN_KINDS.filter((kind) => kinds[kind] === undefined));
  const plan = buildPlan(report, snapshot, { ...missing, ...kinds }, parameters);
  writePlan(folder, renderPlan(plan));
  return summarizePlan(plan, folder);
}
