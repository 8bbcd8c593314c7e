import type { Answer } from "../snapshot/model.ts";
import { failed } from "./answer.ts";
import { SOURCE_TIMEOUT } from "./subject.ts";

/** A source that throws, or that takes longer than any of its steps may, fails alone. */
export async function guard<T>(answer: Promise<Answer<T>>): Promise<Answer<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Answer<T>>((resolve) => {
    timer = setTimeout(() => { resolve(failed(`not done within ${(2 * SOURCE_TIMEOUT) / 1000} s`)); }, 2 * SOURCE_TIMEOUT);
  });
  try {
    return await Promise.race([answer, late]);
  } catch (error) {
    return failed(`harden failed to read this source: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    clearTimeout(timer);
  }
}
