/** Where a path leads, step by step, so that it is known which step does not answer. */
import { constants } from "node:fs";
import { dirname } from "node:path/posix";
import { callFiles } from "./file-thread.ts";
import { isOfType } from "./stamp-file.ts";

/** Targets of links by path, null for what is none: each step is looked at once. */
export type KnownSteps = Map<string, string | null>;

/** As many as the kernel follows (path_resolution(7)). */
const MOST_LINKS = 40;

/** As realpath(3), of an absolute path; null where a step is one that `refuse` does not want to be looked at. Throws the errors of node:fs. */
export function resolveLinks(path: string, known: KnownSteps, refuse: (step: string) => boolean): string | null {
  const names = path.split("/");
  let at = "/";
  let links = 0;
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    if (name === "" || name === ".") continue;
    if (name === "..") {
      at = dirname(at);
      continue;
    }
    const step = at === "/" ? `/${name}` : `${at}/${name}`;
    if (refuse(step)) return null;
    const target = readStep(step, known);
    if (target === null) {
      at = step;
      continue;
    }
    if (++links > MOST_LINKS) throw Object.assign(new Error("too many levels of symbolic links"), { code: "ELOOP" });
    if (target.startsWith("/")) at = "/";
    names.unshift(...target.split("/"));
  }
  return at;
}

function readStep(step: string, known: KnownSteps): string | null {
  const before = known.get(step);
  if (before !== undefined) return before;
  const isLink = isOfType(callFiles(step, "lstatSync", step, { bigint: true }), constants.S_IFLNK);
  const target = isLink ? callFiles(step, "readlinkSync", step) : null;
  known.set(step, target);
  return target;
}
