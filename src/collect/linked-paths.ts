/** Host paths of the engine's answers whose links have to be followed. */
import { at } from "../json-value.ts";
import type { ContainerAnswer, DaemonData, Raw } from "../snapshot/model.ts";

export interface PathSources {
  readonly containers: readonly ContainerAnswer[];
  readonly volumes: readonly Raw[];
  readonly daemon: DaemonData | null;
  /** Socket by which the engine is reached. */
  readonly socket: string | null;
}

/** What containers bind, the devices of volumes, which may be binds in disguise, and the sockets that the engine serves on. */
export function listLinkedPaths({ containers, volumes, daemon, socket }: PathSources): string[] {
  const bound = containers.flatMap(({ inspect }) => listBindSources(inspect?.["Mounts"]));
  const devices = volumes.map((volume) => textOf(volume["Options"], "device"));
  const configured = [...(daemon?.commandLine ?? []), daemon?.configFile.text ?? ""].flatMap((text) => [...text.matchAll(SOCKETS)].map(([, path]) => path));
  const paths = [...bound, ...devices, ...configured, socket].filter((path) => typeof path === "string" && path.startsWith("/"));
  return [...new Set(paths as string[])].sort();
}

/** Of a flag's word and of daemon.json's text alike. */
const SOCKETS = /unix:\/\/(\/[^\s"]+)/g;

function listBindSources(mounts: unknown): (string | null)[] {
  return Array.isArray(mounts) ? mounts.filter((mount) => textOf(mount, "Type") === "bind").map((mount) => textOf(mount, "Source")) : [];
}

function textOf(value: unknown, key: string): string | null {
  const found = at(value, key);
  return typeof found === "string" ? found : null;
}
