/** What of an engine lies on the host's file system: the sockets that it serves its API on, and its data root. */
import type { EngineDefaults } from "./engine-defaults.ts";
import { spellPath } from "./host-path.ts";

const UNIX = "unix://";

/** The paths of unix:// addresses, each in every spelling; `realPaths` tells where links lead. */
export function spellSockets(addresses: readonly string[], realPaths: Readonly<Record<string, string | null>> = {}): string[] {
  const sockets = addresses.filter((address) => address.startsWith(UNIX)).map((address) => address.slice(UNIX.length));
  return [...new Set(sockets.flatMap((socket) => spellPath(socket, realPaths[socket])))].sort();
}

/** As a daemon.json alone tells them. */
export function listEnginePaths({ hosts, dataRoot }: EngineDefaults): { engineSockets: string[]; engineFolders: string[] } {
  return { engineSockets: spellSockets(hosts.value.map(({ url }) => url)), engineFolders: spellPath(dataRoot.value, undefined) };
}
