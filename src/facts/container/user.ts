/** As whom a container runs. */
import type { ProcessData } from "../../snapshot/model.ts";
import type { Container } from "../model/container.ts";
import { textAt, textsAt } from "../raw.ts";
import type { Place } from "../resource.ts";
import { hasOption, inspectPlace, processPlace, type ContainerContext } from "./context.ts";
import { isRootUser, userOf } from "./root-user.ts";

/** The kernel's word where the process can be seen, else the configuration's, with the image's user in it. */
export function deriveUser(
  name: string, inspect: unknown, process: ProcessData | null, context: ContainerContext,
  origins: Record<string, Place>, unknown: Record<string, string>,
): Container["user"] {
  const spec = textAt(inspect, "Config", "User") ?? "";
  const root = isRootUser(spec);
  origins["/user"] = inspectPlace(name, "Config.User");
  const uids = process?.uids ?? null;
  if (process !== null && uids !== null && context.host?.initialUserNamespace === true) {
    // Real, effective, saved: any of them lets the process act as root. The file-system uid follows the effective one.
    origins["/user/hostRoot"] = processPlace(process, "status Uid");
    return { spec, root, hostRoot: uids.slice(0, 3).includes(0) };
  }
  const mode = textAt(inspect, "HostConfig", "UsernsMode") ?? "";
  const remapped = hasOption(context, "rootless") || (hasOption(context, "userns") && mode !== "host") || mapsRoot(inspect);
  const reason = remapped ? null : /^(container|ns):/.test(mode) ? "it joins a user namespace, and its process, which tells its users, cannot be seen" : whyUnknown(spec, root, context);
  if (reason !== null) unknown["/user/hostRoot"] = reason;
  return { spec, root, hostRoot: root && !remapped };
}

/** Podman maps users by container: `CONTAINER:HOST:COUNT` each; without a map they are the host's. */
function mapsRoot(inspect: unknown): boolean {
  const maps = textsAt(inspect, "HostConfig", "IDMappings", "UidMap").map((line) => line.split(":").map(Number));
  const root = maps.find(([inside]) => inside === 0);
  return textAt(inspect, "HostConfig", "UsernsMode") === "private" && root !== undefined && root[1] !== 0;
}

function whyUnknown(spec: string, root: boolean, context: ContainerContext): string | null {
  if (root) return context.securityOptions === null ? "docker info, which tells whether users are remapped, was not read" : null;
  const user = userOf(spec);
  return /^[+-]?\d+$/.test(user) ? null : `whether the user ${user} is uid 0 is for the image's /etc/passwd to say, and the container's process cannot be seen; a numeric user tells`;
}
