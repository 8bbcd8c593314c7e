/** What is wrong between the boot files and the kernel that runs. */
import { isInterfaceFolder, toSysctlPath } from "../../snapshot/sysctl-key.ts";
import type { Sysctl } from "../model/sysctl.ts";
import type { Part } from "../part.ts";
import { hasDefault, isImproved } from "./improved.ts";
import { parseKernelNumber } from "./kernel-number.ts";
import { lookUpKey } from "./known-keys.ts";

export type BootFaults = Pick<Sysctl, "drift" | "strange" | "improved">;

/** Of a container's namespace, which has nothing to do with the files. */
export const NO_BOOT_FAULTS: BootFaults = { drift: false, strange: false, improved: false };

/** Of a host's key. `unknown` are its reasons so far. `hasSiblings`: the kernel has other keys in its folder; `module`: one that brings it, and is not there. */
export function findBootFaults(
  sysctl: Pick<Sysctl, "name" | "exists" | "value" | "number" | "boot">, unknown: Readonly<Record<string, string>>,
  { hasSiblings, module, optional }: { hasSiblings: boolean; module: string | null; optional: boolean },
): Part<BootFaults> {
  const { exists, value, boot } = sysctl;
  const strange = describeStrange(sysctl, unknown, hasSiblings, module);
  const reasonOfDrift = unknown["/boot"] ?? (boot === null ? undefined : unknown["/value"]);
  return {
    value: {
      drift: exists && value !== null && boot !== null && normalize(value) !== normalize(boot),
      strange: strange.value && !optional,
      improved: isImproved(sysctl),
    },
    unknown: {
      ...(reasonOfDrift === undefined ? {} : { "/drift": reasonOfDrift }),
      ...(optional || strange.unknown === undefined ? {} : strange.unknown),
      ...(unknown["/number"] === undefined || !hasDefault(sysctl.name) ? {} : { "/improved": unknown["/number"] }),
    },
  };
}

/** A file sets it and the kernel does not have it; of a module that is not loaded only what no kernel has. */
function describeStrange(
  { name, exists, boot }: Pick<Sysctl, "name" | "exists" | "boot">, unknown: Readonly<Record<string, string>>, hasSiblings: boolean, module: string | null,
): Part<boolean> {
  if (unknown["/boot"] !== undefined) return { value: false, unknown: { "/strange": unknown["/boot"] } };
  if (boot === null || exists) return { value: false };
  const known = lookUpKey(toSysctlPath(name));
  const isMistaken = !known.value.exists && known.unknown === undefined;
  if (isMistaken) return { value: true };
  // An interface's keys come and go with it, and udev sets them then.
  const isOfInterface = isInterfaceFolder(toSysctlPath(name).replace(/\/[^/]+$/, ""));
  if (isOfInterface && known.value.exists) return { value: false };
  if (unknown["/exists"] !== undefined) return { value: false, unknown: { "/strange": unknown["/exists"] } };
  if (module !== null) return known.value.exists ? { value: false } : { value: false, unknown: { "/strange": `the module ${module}, which may bring it, is not loaded` } };
  return hasSiblings ? { value: true } : { value: false, unknown: { "/strange": "the kernel has nothing of its folder now; a module may bring it" } };
}

/** Numbers by their value, blanks as one: `4	4 1 7`, 0x1b6. */
function normalize(value: string): string {
  return value.trim().split(/\s+/).map((word) => String(parseKernelNumber(word) ?? word)).join(" ");
}
