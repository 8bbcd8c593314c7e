/** The host's own sysctls. */
import type { SysctlData } from "../../snapshot/model.ts";
import { hasGlob, matchesPathGlob } from "../../snapshot/path-glob.ts";
import { isInterfaceFolder, SYSCTL_FOLDERS, toSysctlKey, toSysctlPath } from "../../snapshot/sysctl-key.ts";
import type { Sysctl } from "../model/sysctl.ts";
import { joinParts, type Part } from "../part.ts";
import { findBootFaults } from "./boot-faults.ts";
import type { BootView } from "./boot.ts";
import { BUCKETS_KEY, divideByBuckets, MAXIMUM_KEY } from "./buckets.ts";
import { readInterfacePath } from "./effect.ts";
import { describeEffect, type Interface } from "./interfaces.ts";
import { lookUpKey } from "./known-keys.ts";
import { describeRunning, readingOf, type Reading } from "./running.ts";
import { sayValues } from "./words.ts";

/** What the engine's network namespace adds to a key: its interfaces (or why they are not known), and whether containers have user namespaces. */
export interface HostContext {
  readonly interfaces: readonly Interface[] | string;
  readonly remapped: Part<boolean>;
}

/**
 * Every key that was read, that the boot files name, or that was asked for. A setting that every interface has is told of once, by the key of
 * `all`.
 */
export function deriveHostSysctls(data: SysctlData, boot: BootView, { interfaces, remapped }: HostContext): Sysctl[] {
  const asked = data.asked.map(toSysctlPath);
  const named = [...boot.paths, ...asked.filter((path) => !hasGlob(path))].map(toSysctlKey);
  const told = Object.keys(data.host).filter((key) => (readInterfacePath(toSysctlPath(key))?.name ?? "all") === "all");
  const keys = [...new Set([...told, ...named])].sort();
  const folders = new Set(Object.keys(data.host).map(folderOf));
  const read = (key: string): Reading => readHost(data, asked, key);
  return keys.map((key) => {
    const running = describeRunning(read(key), { source: "sysctl", key });
    const ratio = key === BUCKETS_KEY ? divideByBuckets(read(MAXIMUM_KEY), read(key), "/entriesPerBucket") : { value: null };
    const ofBoot = boot.describe(key);
    const effect = describeEffect(toSysctlPath(key), interfaces, read);
    const joined = joinParts([running, ratio, ofBoot, effect, remapped]);
    const faults = findBootFaults({ name: key, ...running.value, ...ofBoot.value }, joined.unknown, {
      hasSiblings: folders.has(folderOf(key)), module: boot.findMissingModule(key), optional: boot.isOptional(key),
    });
    const unknown = { ...joined.unknown, ...faults.unknown };
    return {
      kind: "sysctl",
      id: `host:${key}`,
      name: key,
      scope: "host",
      ...running.value,
      entriesPerBucket: ratio.value,
      ...ofBoot.value,
      ...effect.value,
      suggestion: lookUpKey(toSysctlPath(key)).value.suggestion,
      ...faults.value,
      words: sayValues({ scope: "host", ...running.value, ...ofBoot.value }, unknown),
      remapped: remapped.value,
      origins: joined.origins,
      unknown,
    };
  });
}

function folderOf(key: string): string {
  const path = toSysctlPath(key);
  return path.slice(0, path.lastIndexOf("/"));
}

/** What is not among the values does not exist, unless it is of a kind that was not read. */
function readHost(data: SysctlData, asked: readonly string[], key: string): Reading {
  const reading = readingOf(data.host, key);
  if (reading !== "absent") return reading;
  const path = toSysctlPath(key);
  const [top = ""] = path.split("/");
  if (!SYSCTL_FOLDERS.includes(top)) return { unknown: `/proc/sys/${top} is not read` };
  if (top === "net" && data.netError !== null) return { unknown: `net.* of the engine's network namespace could not be read: ${data.netError}` };
  const ofInterface = isInterfaceFolder(path.slice(0, path.lastIndexOf("/")));
  return ofInterface && !asked.some((pattern) => matchesPathGlob(path, pattern)) ? { unknown: "of single interfaces only what is asked for is read" } : "absent";
}
