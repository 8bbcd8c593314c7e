import type { Answer } from "../snapshot/model.ts";
import { failed } from "./answer.ts";
import { SOURCE_TIMEOUT } from "./subject.ts";

/** Beside the answers, since a snapshot holds nothing of the one who took it. */
const durations = new WeakMap<object, number>();

/** Milliseconds that a source took to answer; null for an answer that was not given to this process. */
export function durationOf(answer: Answer<unknown>): number | null {
  return durations.get(answer) ?? null;
}

/** A source that throws, at once or later, or that takes longer than any of its steps may (milliseconds), fails alone. */
export async function guard<T>(collect: () => Answer<T> | Promise<Answer<T>>, timeout = 2 * SOURCE_TIMEOUT): Promise<Answer<T>> {
  const start = performance.now();
  const answer = await bound(collect, timeout);
  durations.set(answer, performance.now() - start);
  return answer;
}

async function bound<T>(collect: () => Answer<T> | Promise<Answer<T>>, timeout: number): Promise<Answer<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Answer<T>>((resolve) => {
    timer = setTimeout(() => { resolve(failed(`not done within ${timeout / 1000} s`)); }, timeout);
  });
  try {
    return await Promise.race([collect(), late]);
  } catch (error) {
    return failed(`harden failed to read this source: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    clearTimeout(timer);
  }
}
