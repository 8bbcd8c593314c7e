/** The value that the boot will set as part of a host's sysctl. */
import type { BootData } from "../../snapshot/model.ts";
import { toSysctlPath } from "../../snapshot/sysctl-key.ts";
import { findMissingModule, findObstacle } from "../boot/modules.ts";
import { readBootSettings, type BootSetting } from "../boot/settings.ts";
import type { Sysctl } from "../model/sysctl.ts";
import type { Part } from "../part.ts";
import { BUCKETS_KEY, divideByBuckets, MAXIMUM_KEY } from "./buckets.ts";
import { parseKernelNumber } from "./kernel-number.ts";
import type { Reading } from "./running.ts";

type BootPart = Part<Pick<Sysctl, "boot" | "bootNumber" | "bootObstacle" | "bootEntriesPerBucket">>;

export interface BootView {
  /** Paths below /proc/sys that the boot files name. */
  readonly paths: readonly string[];
  describe(key: string): BootPart;
  /** The file says of the key that it may be missing (`-KEY = VALUE`). */
  isOptional(key: string): boolean;
  /** The module that brings the key, where it is not there now; null where it is, where none does, and where that is not known. */
  findMissingModule(key: string): string | null;
}

const NOTHING = { boot: null, bootNumber: null, bootObstacle: null, bootEntriesPerBucket: null };

/** What has nothing to do with boot files: another namespace. */
export const NOT_AT_BOOT: BootPart = { value: NOTHING };

/** `data` null: the files could not be read at all, for the given reason. */
export function viewBoot(data: BootData | null, reason: string): BootView {
  if (data === null) return { paths: [], describe: () => unknownBoot(reason), isOptional: () => false, findMissingModule: () => null };
  const settings = readBootSettings(data);
  const toReading = (key: string): Reading => {
    const found = settings.find(toSysctlPath(key));
    return typeof found === "string" ? { unknown: found } : (found ?? "absent");
  };
  return {
    paths: settings.paths,
    describe(key) {
      const found = settings.find(toSysctlPath(key));
      if (typeof found === "string") return unknownBoot(found);
      const ratio = key === BUCKETS_KEY ? divideByBuckets(toReading(MAXIMUM_KEY), toReading(key), "/bootEntriesPerBucket") : { value: null };
      return found === null ? { value: NOTHING } : describeSetting(toSysctlPath(key), found, data, ratio);
    },
    isOptional(key) {
      const found = settings.find(toSysctlPath(key));
      return typeof found === "object" && found?.optional === true;
    },
    findMissingModule: (key) => findMissingModule(toSysctlPath(key), data),
  };
}

function describeSetting(path: string, setting: BootSetting, data: BootData, ratio: Part<number | null>): BootPart {
  const { value, place } = setting;
  const number = parseKernelNumber(value);
  const { obstacle, unknown } = findObstacle(path, setting, data);
  return {
    value: { boot: value, bootNumber: number, bootObstacle: obstacle, bootEntriesPerBucket: ratio.value },
    origins: { "/boot": place, "/bootNumber": place, "/bootEntriesPerBucket": place, "/bootObstacle": { source: "boot", key: "moduleFiles" } },
    unknown: {
      ...(number === null ? { "/bootNumber": `it is set to ${JSON.stringify(value)} at boot, which is not one number` } : {}),
      ...(unknown === null ? {} : { "/bootObstacle": unknown }),
      ...ratio.unknown,
    },
  };
}

function unknownBoot(reason: string): BootPart {
  return {
    value: NOTHING,
    unknown: { "/boot": reason, "/bootNumber": reason, "/bootObstacle": reason, "/bootEntriesPerBucket": reason },
  };
}
