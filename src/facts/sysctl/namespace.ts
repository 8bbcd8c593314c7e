/** The net.* sysctls of a network namespace that is not the host's. */
import type { NamespaceSysctls } from "../../snapshot/model.ts";
import { hasGlob } from "../../snapshot/path-glob.ts";
import { toSysctlPath } from "../../snapshot/sysctl-key.ts";
import type { Sysctl } from "../model/sysctl.ts";
import { NO_BOOT_FAULTS } from "./boot-faults.ts";
import { NOT_AT_BOOT } from "./boot.ts";
import { BUCKETS_KEY, MAXIMUM_KEY } from "./buckets.ts";
import { readInterfacePath } from "./effect.ts";
import { WITHOUT_INTERFACES } from "./interfaces.ts";
import { describeRunning, readingOf, type Reading } from "./running.ts";
import { sayValues } from "./words.ts";

/** Shown in every namespace, but the kernel's as a whole and read-only there (nf_conntrack_standalone.c). */
const GLOBAL = new Set([BUCKETS_KEY, MAXIMUM_KEY]);

/**
 * Every key of its own that was read or asked for; of a setting that every interface has only that of `all`: a container's interfaces lead to its own bridge. `owner` is the id of the container that the namespace is named after. Where the namespace could
 * not be entered each asked name stands for itself, globs too, so that no policy takes it for good.
 */
export function deriveNamespaceSysctls({ values, error }: NamespaceSysctls, owner: string, asked: readonly string[]): Sysctl[] {
  const named = asked.filter((key) => key.startsWith("net.") && (error !== null || !hasGlob(toSysctlPath(key))));
  const read = (key: string): Reading => {
    const reading = readingOf(values, key);
    return reading === "absent" && error !== null ? { unknown: `its network namespace could not be read: ${error}` } : reading;
  };
  const keys = [...new Set([...Object.keys(values), ...named])].filter((key) => !GLOBAL.has(key) && (readInterfacePath(toSysctlPath(key))?.name ?? "all") === "all").sort();
  return keys.map((key) => {
    const running = describeRunning(read(key), { source: "sysctl", key: `${owner} ${key}` });
    return {
      kind: "sysctl",
      id: `${owner}:${key}`,
      name: key,
      scope: "container",
      ...running.value,
      entriesPerBucket: null,
      ...NOT_AT_BOOT.value,
      ...WITHOUT_INTERFACES.value,
      words: sayValues({ scope: "container", ...running.value, boot: null }, running.unknown ?? {}),
      suggestion: null,
      ...NO_BOOT_FAULTS,
      remapped: false,
      origins: { ...running.origins },
      unknown: { ...running.unknown },
    };
  });
}
