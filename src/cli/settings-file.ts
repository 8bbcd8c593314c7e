/** Which settings a scan may obey. */
import { statSync, type Stats } from "node:fs";
import type { LocatedSettings } from "../policy/settings.ts";

/** Where this host's administrator keeps them. */
export const HOST_SETTINGS = "/etc/harden/harden.yaml";

const WRITABLE_BY_OTHERS = 0o022;

/**
 * The settings of the file that `--config` names, else of the host's own file, else null. A scan often runs as root: nothing that
 * lies in the working directory may waive anything, and the host's own file counts only if no one but root can write it. Throws
 * HardenError for a file that cannot be read, is not trusted, or is not valid.
 */
export async function readScanSettings(config: string | undefined, hostFile: string = HOST_SETTINGS): Promise<LocatedSettings | null> {
  if (config === undefined && isAbsent(hostFile)) return null;
  const [{ readText }, { parseSettings }, { MAX_SETTINGS_SIZE }] = await Promise.all([
    import("./read-text.ts"), import("../policy/settings.ts"), import("../policy/limits.ts"),
  ]);
  if (config !== undefined) return parseSettings(readText(config, MAX_SETTINGS_SIZE), config);
  return parseSettings(readText(hostFile, MAX_SETTINGS_SIZE, refuseUntrusted), hostFile);
}

/** What cannot even be looked at is not absent: reading it says why. */
function isAbsent(file: string): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

/** The bits are a mask: where an ACL is set its mask stands in the group bits, so a writer granted by an ACL shows here too. */
function refuseUntrusted({ uid, mode }: Stats): string | null {
  if (uid !== 0) return `is not obeyed: it is owned by uid ${uid}, not by root (name it with --config to use it all the same)`;
  const bits = (mode & 0o7777).toString(8).padStart(4, "0");
  if ((mode & WRITABLE_BY_OTHERS) !== 0) return `is not obeyed: others than root may write it (mode ${bits}; chmod go-w)`;
  return null;
}
