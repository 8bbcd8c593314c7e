/** Host paths in the spellings that policies may list. */
import { posix } from "node:path";

/**
 * All names of one host path that policies may list: as given with `..` resolved, the place that its symlinks lead to, and both
 * spellings of /run, since /var/run is a link to it on every current distribution (FHS 3.0, 5.13).
 */
export function spellPath(path: string, realPath: string | null | undefined): string[] {
  if (!path.startsWith("/")) return [];
  const given = [normalizePath(path), ...(realPath === undefined || realPath === null ? [] : [normalizePath(realPath)])];
  const spelled = given.flatMap((one) => {
    if (one === "/run" || one.startsWith("/run/")) return [one, `/var${one}`];
    return one === "/var/run" || one.startsWith("/var/run/") ? [one, one.slice("/var".length)] : [one];
  });
  return [...new Set(spelled)].sort();
}

/** Without `.`, `..`, doubled and trailing slashes. */
export function normalizePath(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith("/") ? normal.slice(0, -1) : normal;
}
