/** Reads a saved plan. */
import { Plan } from "./model.ts";
import { readDocument } from "./read-document.ts";
import { PLAN_VERSION } from "./version.ts";

/** Throws HardenError with file, line and column for what is no plan of this version. */
export function readPlan(text: string, file: string): Promise<Plan> {
  return readDocument<Plan>({ name: "plan", schema: Plan, version: PLAN_VERSION, hint: "harden scan --plan DIR writes one as DIR/plan.json" }, text, file);
}
