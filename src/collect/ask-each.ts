/** Asks the engine for one answer after another, some at a time, and gives up on one that has stopped answering. */
import type { Raw } from "../snapshot/model.ts";
import { mapBounded } from "./bounded.ts";
import { ApiError } from "./transport.ts";

export interface Asked<T> {
  readonly item: T;
  /** Or why there is none. */
  readonly answer: Raw | ApiError;
}

/** Many thousands of answers take seconds: an engine that needs longer is in trouble. Milliseconds. */
const LONGEST = 60_000;

/**
 * What was answered to each item, in their order. One that never gets its answer holds up nothing else; when a question runs out of time
 * and no other was answered meanwhile, the rest is not asked any more.
 */
export async function askEach<T>(items: readonly T[], parallel: number, ask: (item: T) => Promise<Raw>): Promise<Asked<T>[]> {
  const deadline = Date.now() + LONGEST;
  let answered = 0;
  let isDead = false;
  return mapBounded(items, parallel, async (item) => {
    if (isDead || Date.now() > deadline) return { item, answer: new ApiError("not asked, since the engine answers too slowly or not at all", { code: "ETIMEDOUT" }) };
    const before = answered;
    const answer = await ask(item).catch(toApiError);
    if (!isTimeout(answer)) answered++;
    else if (answered === before) isDead = true;
    return { item, answer };
  });
}

/** An answer that harden cannot digest (nested too deeply for its stack) costs that answer only. */
function toApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(`harden failed to read the answer: ${String(error)}`, { cause: error });
}

function isTimeout(answer: Raw | ApiError): boolean {
  return answer instanceof ApiError && answer.code === "ETIMEDOUT";
}
