/** Configuration folders in systemd's manner (sysctl.d(5), modules-load.d(5)): one set of `*.conf` from several places. */
import { readdirSync, realpathSync } from "node:fs";
import type { TextFile } from "../snapshot/model.ts";
import { readTextFile } from "./text-file.ts";

/** In order of precedence. /lib is where systemd looks up to version 254 on distributions without a merged /usr. */
const PLACES = ["/etc", "/run", "/usr/local/lib", "/usr/lib", "/lib"];

/**
 * The files of `NAME.d` in the order in which they are read: by file name, whatever the folder. A file hides those of its name in
 * later places, even as a link to /dev/null or to nothing; such a mask itself is left out. procps reads
 * hidden files too. `root` is put before every path.
 */
export function readConfigFolders(name: string, loader: "systemd" | "procps", root: string): TextFile[] {
  const paths = new Map<string, string>();
  for (const place of PLACES) {
    const folder = `${place}/${name}`;
    for (const file of listConfFiles(root + folder)) {
      if (loader === "systemd" && file.startsWith(".")) continue;
      if (!paths.has(file)) paths.set(file, `${folder}/${file}`);
    }
  }
  const sorted = [...paths].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return sorted.flatMap(([, path]) => (isMask(root + path) ? [] : [{ ...readTextFile(root + path), path }]));
}

/** Names of the `*.conf` files of a folder; none where it cannot be listed. */
export function listConfFiles(folder: string): string[] {
  try {
    return readdirSync(folder).filter((file) => file.endsWith(".conf"));
  } catch {
    // Most of these folders exist on no machine; one that may not be listed is world-readable on every distribution.
    return [];
  }
}

function isMask(path: string): boolean {
  try {
    return realpathSync(path) === "/dev/null";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
}
