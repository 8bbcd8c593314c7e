/** Which values the boot will set, by the rules of the program that applies the files. */
import type { BootData, TextFile } from "../../snapshot/model.ts";
import { hasGlob, matchesPathGlob } from "../../snapshot/path-glob.ts";
import { toSysctlPath } from "../../snapshot/sysctl-key.ts";
import type { Place } from "../resource.ts";
import { parseSysctlConf } from "./sysctl-conf.ts";

export interface BootSetting {
  readonly value: string;
  readonly place: Place;
  /** The kernel sets these itself, before any module is loaded. */
  readonly fromCommandLine: boolean;
  /** The key may be missing. */
  readonly optional: boolean;
}

export interface BootSettings {
  /** Paths (below /proc/sys) that are named without a glob. */
  readonly paths: readonly string[];
  /** What will be set for a path, null if nothing; a text is the reason why that is not known. */
  find(path: string): BootSetting | null | string;
}

interface Option {
  readonly value: string | null;
  readonly place: Place;
  readonly optional: boolean;
  /** Index of its file. */
  readonly file: number;
}

/**
 * A later file or line wins. A key that is named exactly never takes its value from a glob, whatever the order (sysctl.d(5)); of several
 * globs the last one wins. The command line comes before all files.
 */
export function readBootSettings(boot: BootData): BootSettings {
  const options = collectOptions(boot);
  const globs = [...options].filter(([path]) => hasGlob(path)).reverse();
  const commandLine = boot.commandLine === null ? null : readCommandLine(boot.commandLine);
  const unread = findUnread(boot);
  return {
    paths: [...new Set([...options.keys(), ...(commandLine?.keys() ?? [])])].filter((path) => !hasGlob(path)),
    find(name) {
      const path = canonicalPath(name);
      const exact = options.get(path);
      if (unread !== null && (exact === undefined || exact.file < unread.index)) return unread.reason;
      const option = exact ?? globs.find(([glob, { value }]) => value !== null && matchesPathGlob(path, glob))?.[1];
      if (option === undefined || option.value === null) return commandLine === null ? "/proc/cmdline cannot be read" : (commandLine.get(path) ?? null);
      return { value: option.value, place: option.place, fromCommandLine: false, optional: option.optional };
    },
  };
}

/**
 * In the order in which they are applied. systemd-sysctl lets an assignment that repeats the present value stand where it stood; procps
 * an earlier assignment where a later line only keeps globs off the key.
 */
function collectOptions({ loader, sysctlFiles }: BootData): Map<string, Option> {
  const options = new Map<string, Option>();
  sysctlFiles.forEach((file, index) => {
    for (const { path: name, value, place, optional } of parseSysctlConf(file)) {
      const path = canonicalPath(name);
      const present = options.get(path);
      const stands = present !== undefined && (loader === "systemd" ? present.value === value : value === null);
      if (!stands) options.delete(path);
      options.set(path, stands ? { ...present, file: index } : { value, place, optional, file: index });
    }
  });
  return options;
}

/** One variable of the kernel under two names (nf_conntrack_standalone.c): whichever is written last wins. */
function canonicalPath(path: string): string {
  return path === "net/nf_conntrack_max" ? "net/netfilter/nf_conntrack_max" : path;
}

/** `sysctl.KEY=VALUE` (kernel-parameters): set by the kernel itself before init. */
function readCommandLine(words: readonly string[]): Map<string, BootSetting> {
  const settings = new Map<string, BootSetting>();
  for (const word of words) {
    const [, name, value] = /^sysctl[./]([^=]+)=(.*)$/.exec(word) ?? [];
    if (name === undefined || value === undefined) continue;
    settings.set(canonicalPath(toSysctlPath(name)), { value, place: { source: "boot", key: `/proc/cmdline sysctl.${name}` }, fromCommandLine: true, optional: false });
  }
  return settings;
}

/** The last file that exists and could not be read: it may set anything that no later file sets. */
function findUnread({ sysctlFiles }: BootData): { index: number; reason: string } | null {
  const index = sysctlFiles.findLastIndex(isUnread);
  const file = sysctlFiles[index];
  return file === undefined ? null : { index, reason: `${file.path} cannot be read: ${file.error ?? ""}` };
}

/** What is no regular file sets nothing: its readers do not read it either. */
function isUnread({ error }: TextFile): boolean {
  return error !== null && error !== "ENOENT" && error !== "EINVAL";
}
