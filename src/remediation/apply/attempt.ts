/** Work on a file whose failure is the machine's, not ours. */
import { HardenError } from "../../errors.ts";

/** What `run` gives; what the file system refuses becomes a HardenError that names the path. */
export function attempt<T>(path: string, run: () => T): Promise<T> {
  return new Promise((resolve) => {
    try {
      resolve(run());
    } catch (cause) {
      if (cause instanceof Error && "code" in cause) throw new HardenError(`${path} cannot be changed: ${cause.message}`, { cause });
      throw cause;
    }
  });
}
