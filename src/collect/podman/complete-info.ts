/** What podman says of itself, in Docker's words. */
import type { Raw } from "../../snapshot/model.ts";
import { textOf, toList, toObject } from "./raw.ts";

/**
 * `info` is the answer of Docker's API, whose SecurityOptions tell neither a rootless podman nor SELinux before 5 (pkg/api/handlers/compat/info.go); `own` is
 * podman's.
 */
export function completeInfo(info: Raw, own: Raw): Raw {
  const security = toObject(toObject(own["host"])["security"]);
  const options = toList(info["SecurityOptions"]).map(textOf);
  const told = [["rootless", "name=rootless"], ["selinuxEnabled", "name=selinux"]].flatMap(([key = "", option = ""]) => (security[key] === true ? [option] : []));
  return { ...info, SecurityOptions: [...new Set([...options, ...told])] };
}

/** By podman's own info. */
export function isRootless(own: Raw): boolean {
  return toObject(toObject(own["host"])["security"])["rootless"] === true;
}
