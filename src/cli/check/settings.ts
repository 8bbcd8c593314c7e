/** The settings of a check: what --config names, else the nearest .harden.yaml from the working directory up to the git root. */
import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { LocatedSettings } from "../../policy/settings.ts";
import { findCheckout } from "./checkout.ts";

const NAME = ".harden.yaml";

/** Null where there is none. Throws HardenError for one that cannot be read or is not valid. */
export async function findCheckSettings(config: string | undefined, workingDirectory: string): Promise<LocatedSettings | null> {
  const file = config ?? findUpwards(workingDirectory);
  if (file === null) return null;
  const [{ readText }, { parseSettings }, { MAX_SETTINGS_SIZE }] = await Promise.all([
    import("../read-text.ts"), import("../../policy/settings.ts"), import("../../policy/limits.ts"),
  ]);
  return parseSettings(readText(file, MAX_SETTINGS_SIZE), config ?? relative(workingDirectory, file));
}

/** Outside a git checkout only the working directory itself counts: what lies above belongs to others. */
function findUpwards(start: string): string | null {
  const last = findCheckout(start) ?? start;
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, NAME))) return join(folder, NAME);
    if (folder === last) return null;
  }
}
