/** The keys that a sysctl .conf sets, as a boot with this file alone would set them. */
import type { TextFile } from "../../snapshot/model.ts";
import { toSysctlKey } from "../../snapshot/sysctl-key.ts";
import type { Sysctl } from "../model/sysctl.ts";
import { joinParts } from "../part.ts";
import type { Derived } from "../resource.ts";
import { viewBoot } from "./boot.ts";
import { describeFileEffect } from "./file-effect.ts";
import { lookUpKey } from "./known-keys.ts";
import { sayValues } from "./words.ts";

/** Only keys that are named without a glob: which interfaces a glob meets is the host's to say. */
export function deriveSysctlFile(file: TextFile): Derived<Sysctl> {
  const boot = viewBoot(
    { commandLine: [], loader: "systemd", sysctlFiles: [file], moduleFiles: [], loadedModules: null, builtinModules: null }, "",
  );
  const find = (path: string): number | string | null => {
    if (!boot.paths.includes(path)) return null;
    const { value, unknown = {} } = boot.describe(toSysctlKey(path));
    return unknown["/bootNumber"] ?? value.bootNumber;
  };
  const resources = boot.paths.map((path): Sysctl => {
    const key = toSysctlKey(path);
    const ofBoot = boot.describe(key);
    const place = ofBoot.origins?.["/boot"];
    const effect = describeFileEffect(path, find);
    const known = lookUpKey(path);
    const strange = known.unknown?.["/exists"];
    const { origins, unknown } = joinParts([ofBoot, effect, known, { value: null, unknown: strange === undefined ? {} : { "/strange": strange } }, { value: null, unknown: { "/remapped": "how the engine of that host is configured is not said" } }]);
    return {
      kind: "sysctl", id: `host:${key}`, name: key, scope: "file", value: null, number: null, entriesPerBucket: null, ...ofBoot.value, ...effect.value, ...known.value, remapped: false, drift: false, strange: !known.value.exists, improved: false,
      words: sayValues({ scope: "file", value: null, ...ofBoot.value, ...known.value }, unknown),
      origins: place === undefined ? origins : { "": place, ...origins }, unknown,
    };
  });
  return { resources, source: { status: "ok", detail: null } };
}
