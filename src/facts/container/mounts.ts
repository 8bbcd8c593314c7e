/** Mounts, with the host paths that each shows the container. */
import { posix } from "node:path";
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
    if (mount.type === "volume" && context.volumesUnknown !== null) {
      unknown[`/mounts/${index}/paths`] = `the options of volume ${mount.source ?? ""} were not read: ${context.volumesUnknown}`;
    }
  });
  return { value: { mounts }, origins, unknown };
}

/**
 * All names of one host path that policies may list: as given with `..` resolved, the place that its symlinks lead to, and both
 * spellings of /run, since /var/run is a link to it on every current distribution (FHS 3.0, 5.13).
 */
export function spellPath(path: string, realPath: string | undefined): string[] {
  if (!path.startsWith("/")) return [];
  const given = [normalizePath(path), ...(realPath === undefined ? [] : [normalizePath(realPath)])];
  const spelled = given.flatMap((one) => {
    if (one === "/run" || one.startsWith("/run/")) return [one, `/var${one}`];
    return one === "/var/run" || one.startsWith("/var/run/") ? [one, one.slice("/var".length)] : [one];
  });
  return [...new Set(spelled)].sort();
}

/** Without `.`, `..`, doubled and trailing slashes. */
export function normalizePath(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith("/") ? normal.slice(0, -1) : normal;
}

function listMounts(inspect: unknown, context: ContainerContext): Mount[] {
  return listAt(inspect, "Mounts").map((mount) => {
    const type = textAt(mount, "Type") ?? "bind";
    const source = type === "volume" ? textAt(mount, "Name") : textAt(mount, "Source");
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
export function boundDevice(volume: unknown): string | null {
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
