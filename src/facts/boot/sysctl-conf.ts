/** The syntax of sysctl.d(5) and sysctl.conf(5). */
import type { TextFile } from "../../snapshot/model.ts";
import { toSysctlPath } from "../../snapshot/sysctl-key.ts";
import { placeInLine } from "../place-in-line.ts";
import type { FilePlace } from "../resource.ts";

export interface SysctlAssignment {
  /** Below /proc/sys, perhaps with globs. */
  readonly path: string;
  /** Null: `-KEY` without a value, which keeps globs off the key. */
  readonly value: string | null;
  /** A dash stands before it: that it cannot be set is no error. */
  readonly optional: boolean;
  readonly place: FilePlace;
}

/** The assignments of a file in their order. A line that is none (`KEY` alone) is skipped, as its readers do; comments fill whole lines. */
export function parseSysctlConf({ path, text }: TextFile): SysctlAssignment[] {
  return (text ?? "").split("\n").flatMap((line, index) => {
    const content = line.trim();
    if (content === "" || content.startsWith("#") || content.startsWith(";")) return [];
    const separator = content.indexOf("=");
    const isExclusion = separator < 0 && content.startsWith("-");
    if (separator < 0 && !isExclusion) return [];
    const name = (isExclusion ? content : content.slice(0, separator)).replace(/^-/, "").trim();
    return [{
      path: toSysctlPath(name),
      value: isExclusion ? null : content.slice(separator + 1).trim(),
      optional: content.startsWith("-"),
      place: placeInLine(path, line, content, index),
    }];
  });
}

/** The lines that set nothing: neither an assignment, nor `-KEY`, nor a comment. */
export function listMalformedLines({ path, text }: TextFile): FilePlace[] {
  return (text ?? "").split("\n").flatMap((line, index) => {
    const content = line.trim();
    return content === "" || /^[#;]/.test(content) || /^-?[^\s=]+\s*=/.test(content) || /^-[^\s=]+$/.test(content) ? [] : [placeInLine(path, line, content, index)];
  });
}
