/** Name resolution: resolv.conf of the host, and of each container the host's files that stand at its /etc/resolv.conf and /etc/hosts. */
import type { Answer, ContainerAnswer, DataOf, Raw, TextFile } from "../snapshot/model.ts";
import { denied, ok } from "./answer.ts";
import { readTextFile } from "./text-file.ts";

/** What systemd-resolved really asks, where resolv.conf only names its stub (systemd-resolved.service(8)). */
const UPSTREAM = "/run/systemd/resolve/resolv.conf";

/**
 * No container is entered. One that was never started has no such files yet and is left out. `root` is put before the host's own paths
 * (tests have a tree of their own).
 */
export function collectResolvers(containers: readonly ContainerAnswer[], root = ""): Promise<Answer<DataOf<"resolvers">>> {
  const data = { host: readHostFiles(root), containers: containers.flatMap(readContainerFiles) };
  const files = [...data.host, ...data.containers.flatMap(({ resolvConf, hosts }) => [resolvConf, hosts])];
  const closed = files.find(({ error }) => error === "EACCES" || error === "EPERM");
  return Promise.resolve(closed === undefined ? ok(data) : { ...denied<typeof data>(`${closed.path} cannot be read: ${closed.error ?? ""}`), data });
}

/** What resolv.conf(5) knows, and the line in which the engine notes whom its own resolver asks; line numbers stay. */
const RESOLV_LINES = /^\s*(nameserver|search|domain|options|sortlist)\s|^# ExtServers:/;
/** An address and a name (hosts(5)). */
const HOSTS_LINES = /^\s*[\da-fA-F.:]+(%\w+)?\s+\S/;

/** Other lines become empty: a bind mount can show any file of this host there. */
function readLines(path: string, wanted: RegExp): TextFile {
  const { text, error } = readTextFile(path);
  return { path, text: text?.split("\n").map((line) => (wanted.test(line) ? line : "")).join("\n") ?? null, error };
}

function readHostFiles(root: string): TextFile[] {
  const file = { ...readLines(`${root}/etc/resolv.conf`, RESOLV_LINES), path: "/etc/resolv.conf" };
  if (!/^\s*nameserver\s+127\.0\.0\.5[34]\s*$/m.test(file.text ?? "")) return [file];
  const upstream = { ...readLines(root + UPSTREAM, RESOLV_LINES), path: UPSTREAM };
  return upstream.error === "ENOENT" ? [file] : [file, upstream];
}

function readContainerFiles({ id, inspect }: ContainerAnswer): DataOf<"resolvers">["containers"] {
  if (inspect === null) return [];
  const resolvConf = findSource(inspect, "/etc/resolv.conf", "ResolvConfPath");
  const hosts = findSource(inspect, "/etc/hosts", "HostsPath");
  if (resolvConf === null || hosts === null) return [];
  return [{ containerId: id, resolvConf: readLines(resolvConf, RESOLV_LINES), hosts: readLines(hosts, HOSTS_LINES) }];
}

/** The file on this host: a mount of the user's goes before the engine's own, which is not among the mounts. */
function findSource(inspect: Raw, destination: string, key: string): string | null {
  const mounts: unknown = inspect["Mounts"];
  for (const mount of Array.isArray(mounts) ? (mounts as unknown[]) : []) {
    if (typeof mount !== "object" || mount === null || !("Destination" in mount) || mount.Destination !== destination) continue;
    if ("Source" in mount && typeof mount.Source === "string" && mount.Source !== "") return mount.Source;
  }
  const own = inspect[key];
  return typeof own === "string" && own !== "" ? own : null;
}
