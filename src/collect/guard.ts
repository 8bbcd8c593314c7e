import type { Answer } from "../snapshot/model.ts";
import { failed } from "./answer.ts";
import { SOURCE_TIMEOUT } from "./subject.ts";

/** A source that throws, at once or later, or that takes longer than any of its steps may (milliseconds), fails alone. */
export async function guard<T>(collect: () => Answer<T> | Promise<Answer<T>>, timeout = 2 * SOURCE_TIMEOUT): Promise<Answer<T>> {
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
