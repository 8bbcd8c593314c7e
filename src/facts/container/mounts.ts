/** Mounts, with the host paths that each shows the container. */
import { spellPath } from "../host-path.ts";
import type { Mount } from "../model/container.ts";
import type { Part } from "../part.ts";
import { booleanAt, entriesAt, listAt, textAt, textMapAt } from "../raw.ts";
import type { Place } from "../resource.ts";
import { inspectPlace, type ContainerContext } from "./context.ts";

export function deriveMounts(name: string, inspect: unknown, context: ContainerContext): Part<{ mounts: Mount[] }> {
  const origins: Record<string, Place> = { "/mounts": inspectPlace(name, "Mounts") };
  const unknown: Record<string, string> = {};
  const mounts = [...listMounts(inspect, context), ...listTmpfs(inspect)].sort((a, b) => (a.target < b.target ? -1 : 1));
  mounts.forEach((mount, index) => {
    const place = inspectPlace(name, `Mounts ${mount.target}`);
    origins[`/mounts/${index}`] = mount.type === "tmpfs" ? inspectPlace(name, `HostConfig.Tmpfs ${mount.target}`) : place;
    // A name that may lead elsewhere stands twice: as given, which is known, and for the place that it leads to.
    const unseen = explainUnseen(mount, context);
    if (unseen !== null) unknown[`/mounts/${index}/paths/${mount.paths.push(mount.source ?? "") - 1}`] = unseen;
    if (mount.type === "volume" && context.volumesUnknown !== null) {
      unknown[`/mounts/${index}/paths`] = `the options of volume ${mount.source ?? ""} were not read: ${context.volumesUnknown}`;
    }
  });
  return { value: { mounts }, origins, unknown };
}

function explainUnseen({ type, via, source }: Mount, { realPaths, realPathsUnknown }: ContainerContext): string | null {
  if (source === null || (type !== "bind" && via !== "driver_opts")) return null;
  if (realPathsUnknown !== null) return `where ${source} leads to could not be looked at: ${realPathsUnknown}`;
  return Object.hasOwn(realPaths, source) && realPaths[source] === null ? `where ${source} leads to could not be looked at` : null;
}

function listMounts(inspect: unknown, context: ContainerContext): Mount[] {
  return listAt(inspect, "Mounts").map((mount) => {
    const type = textAt(mount, "Type") ?? "bind";
    // An image is mounted from a folder of the engine's own, and known by its name.
    const source = type === "volume" ? textAt(mount, "Name") : ((type === "image" ? textAt(mount, "Name") : null) ?? textAt(mount, "Source"));
    const device = type === "volume" ? boundDevice(context.volumes.get(source ?? "")) : null;
    const hostPath = type === "bind" ? source : device;
    return {
      key: textAt(mount, "Destination") ?? "",
      type,
      source: device ?? source,
      paths: hostPath === null ? [] : spellPath(hostPath, context.realPaths[hostPath]),
      target: textAt(mount, "Destination") ?? "",
      readOnly: booleanAt(mount, "RW") === false,
      propagation: textAt(mount, "Propagation") ?? "",
      via: device === null ? type : "driver_opts",
    };
  });
}

/** The host path of a local volume that is a bind mount in disguise (`driver_opts: {type: none, o: bind, device: /etc}`). */
function boundDevice(volume: unknown): string | null {
  const options = textMapAt(volume, "Options");
  const flags = (options["o"] ?? "").split(",").map((flag) => flag.trim());
  return flags.some((flag) => flag === "bind" || flag === "rbind") ? (options["device"] ?? null) : null;
}

function listTmpfs(inspect: unknown): Mount[] {
  return entriesAt(inspect, "HostConfig", "Tmpfs").map(([target, options]) => ({
    key: target,
    type: "tmpfs",
    source: null,
    paths: [],
    target,
    readOnly: typeof options === "string" && options.split(",").includes("ro"),
    propagation: "",
    via: "tmpfs",
  }));
}
