/** The keys that a sysctl .conf sets, as a boot with this file alone would set them. */
import type { TextFile } from "../../snapshot/model.ts";
import { toSysctlKey } from "../../snapshot/sysctl-key.ts";
import type { Sysctl } from "../model/sysctl.ts";
import type { Derived } from "../resource.ts";
import { viewBoot } from "./boot.ts";

/** Only keys that are named without a glob: which interfaces a glob meets is the host's to say. */
export function deriveSysctlFile(file: TextFile): Derived<Sysctl> {
  const boot = viewBoot(
    { commandLine: [], loader: "systemd", sysctlFiles: [file], moduleFiles: [], loadedModules: null, builtinModules: null }, "",
  );
  const resources = boot.paths.map((path): Sysctl => {
    const key = toSysctlKey(path);
    const { value, origins = {}, unknown = {} } = boot.describe(key);
    const place = origins["/boot"];
    return {
      kind: "sysctl", id: `host:${key}`, name: key, scope: "file", exists: true, value: null, number: null, entriesPerBucket: null, ...value,
      origins: place === undefined ? origins : { "": place, ...origins }, unknown,
    };
  });
  return { resources, source: { status: "ok", detail: null } };
}
