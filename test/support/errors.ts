/** What a user would read of an error. */
import { formatError, HardenError } from "../../src/errors.ts";

/** The lines of the known error that `run` throws. Fails if it throws none. */
export async function messageOf(run: () => unknown): Promise<string[]> {
  try {
    await run();
  } catch (error) {
    if (error instanceof HardenError) return formatError(error).split("\n");
    throw error;
  }
  throw new Error("nothing was thrown");
}
