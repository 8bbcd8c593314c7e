/** From a plan to operations that hold what undoing them needs. Reads the machine and changes nothing. */
import { compilePlan } from "../operations/compile.ts";
import type { Operation } from "../operations/model.ts";
import type { Plan } from "../model.ts";
import type { Machine } from "./machine.ts";
import { readOperation } from "./operations/dispatch.ts";

/** In the order in which they are done, without what is so already. Throws HardenError for one that cannot be done here. */
export async function readOperations(plan: Pick<Plan, "steps">, machine: Machine, allowRestart: boolean): Promise<Operation[]> {
  const operations: Operation[] = [];
  for (const draft of compilePlan(plan, allowRestart)) {
    const operation = await readOperation(draft, machine);
    if (operation !== null) operations.push(operation);
  }
  return operations;
}
