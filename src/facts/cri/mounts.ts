/** Mounts of a container behind the CRI, with the host paths that each shows it. */
import { spellPath } from "../host-path.ts";
import type { Mount } from "../model/container.ts";
import type { Part } from "../part.ts";
import { listAt, textAt, textsAt } from "../raw.ts";
import { type CriContext, specPlace } from "./context.ts";

/** Both runtimes follow the links of a source before they mount it, so that the OCI's source is where it leads; `status.mounts` has it as given. */
export function deriveCriMounts(context: CriContext): Part<{ mounts: Mount[] }> {
  const given = new Map(listAt(context.inspect, "status", "mounts").map((mount) => [textAt(mount, "containerPath") ?? "", textAt(mount, "hostPath")]));
  const mounts = listAt(context.spec, "mounts").flatMap((mount) => readMount(mount, given, context)).sort((a, b) => (a.target < b.target ? -1 : 1));
  const places = mounts.map(({ target }, index) => [`/mounts/${index}`, specPlace(context, `mounts ${target}`)] as const);
  return { value: { mounts }, origins: { "/mounts": specPlace(context, "mounts"), ...Object.fromEntries(places) } };
}

const SYSTEM = new Set(["proc", "sysfs", "devpts", "mqueue", "cgroup", "cgroup2"]);
/** As the runtimes make it for every container: `/dev/shm` of the pod is a bind, or that of a host whose IPC namespace is shared. */
const OWN_TARGETS = new Set(["/dev", "/dev/shm"]);

function readMount(mount: unknown, given: ReadonlyMap<string, string | null>, { ids }: CriContext): Mount[] {
  const target = textAt(mount, "destination") ?? "";
  const type = textAt(mount, "type") ?? "";
  const options = textsAt(mount, "options");
  if (SYSTEM.has(type) || (OWN_TARGETS.has(target) && !given.has(target))) return [];
  const isBind = type === "bind" || options.includes("bind") || options.includes("rbind");
  const source = isBind ? textAt(mount, "source") : null;
  // What lies in a folder of the pod or the container is theirs: what the runtime writes, and what the kubelet keeps for volumes.
  const isOwn = source !== null && source.split("/").some((part) => ids.includes(part));
  if (isOwn && !given.has(target)) return [];
  const asGiven = given.get(target) ?? null;
  const paths = source === null || isOwn ? [] : [...new Set([...spellPath(source, undefined), ...(asGiven === null ? [] : spellPath(asGiven, undefined))])].sort();
  const kind = !isBind ? type : isOwn ? "volume" : "bind";
  const propagation = options.find((option) => /^r?(shared|slave|private|unbindable)$/.test(option)) ?? (isBind ? "rprivate" : "");
  return [{ key: target, type: kind, source, paths, target, readOnly: options.includes("ro"), propagation, via: kind }];
}
