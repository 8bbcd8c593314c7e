/** Where paths lead after their symbolic links. */
import { realpath } from "node:fs/promises";
import { errorCode } from "./answer.ts";
import { mapBounded } from "./bounded.ts";

/** A dead network mount answers never; it must hold up neither the scan nor the other threads of the pool. */
const TIMEOUT = 2_000;
const PARALLEL = 2;

/** Given path → real path; null for what may not be looked at or did not answer in time. What does not exist is left out. */
export async function resolveRealPaths(paths: readonly string[]): Promise<Record<string, string | null>> {
  const resolved = new Map<string, string | null>(paths.map((path) => [path, null]));
  const working = mapBounded([...resolved.keys()].sort(), PARALLEL, async (path) => {
    try {
      resolved.set(path, await realpath(path));
    } catch (error) {
      // A bind source may have been removed after the container was created.
      if (errorCode(error) === "ENOENT") resolved.delete(path);
    }
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, TIMEOUT)));
  await Promise.race([working, late]);
  clearTimeout(timer);
  return Object.fromEntries([...resolved].sort(([a], [b]) => (a < b ? -1 : 1)));
}
