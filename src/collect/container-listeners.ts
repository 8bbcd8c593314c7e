/** TCP sockets that containers in the host's network namespace listen on: what they serve there no port mapping tells. */
import type { ProcessData } from "../snapshot/model.ts";
import { namesContainer } from "./locality.ts";
import { listProcessIds, listSocketInodes, readProc } from "./proc.ts";
import { listTcpListeners } from "./socket-tables.ts";
import type { RunningContainer } from "./subject.ts";

type Listeners = NonNullable<ProcessData["listeners"]>;

/** By container id. Null where the descriptors of one of its processes or the namespace's sockets could not be read. Nothing is read where there is no such container. */
export async function listContainerListeners(containers: readonly RunningContainer[]): Promise<Map<string, Listeners | null>> {
  const found = new Map<string, Listeners | null>();
  const [first] = containers;
  if (first === undefined) return found;
  const cgroups = listProcessIds().map((pid) => ({ pid, text: readProc(`/proc/${pid}/cgroup`) ?? "" }));
  const sockets = await listTcpListeners([first.pid]);
  for (const { id } of containers) {
    const inodes = cgroups.filter(({ text }) => text.includes(id) && namesContainer(text, id)).map(({ pid }) => listSocketInodes(pid));
    const isWhole = sockets !== null && inodes.length > 0 && inodes.every((one) => one !== null);
    const held = (sockets ?? []).filter(({ inode }) => inodes.some((one) => one?.has(inode) === true));
    found.set(id, isWhole ? held.map(({ address, port }) => ({ address, port })).sort((a, b) => a.port - b.port || (a.address < b.address ? -1 : 1)) : null);
  }
  return found;
}
