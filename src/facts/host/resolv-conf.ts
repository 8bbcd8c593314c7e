/** Name servers of a resolv.conf(5), and those that Docker's own resolver asks. */
import type { TextFile } from "../../snapshot/model.ts";
import { placeInLine } from "../place-in-line.ts";
import type { Place } from "../resource.ts";

export interface NameServer {
  readonly address: string;
  readonly place: Place;
}

export interface NameServers {
  readonly servers: readonly NameServer[];
  /** Docker's own resolver is among them, and the file does not tell whom that asks (engines before 25). */
  readonly hidesUpstream: boolean;
}

/** Docker's resolver in a container on a network of its own. */
const EMBEDDED = "127.0.0.11";

/** In the order of the file; Docker's own resolver is replaced by those that it asks. */
export function listNameServers({ path, text }: TextFile): NameServers {
  const lines = (text ?? "").split("\n");
  const named = lines.flatMap((line, index) => {
    const address = /^\s*nameserver\s+(\S+)/.exec(line)?.[1];
    return address === undefined ? [] : [{ address, place: placeInLine(path, line, address, index) }];
  });
  const servers = named.filter(({ address }) => address !== EMBEDDED);
  if (servers.length === named.length) return { servers, hidesUpstream: false };
  const upstream = lines.flatMap((line, index) => listUpstream(path, line, index));
  return { servers: [...servers, ...upstream], hidesUpstream: upstream.length === 0 };
}

/** `# ExtServers: [1.1.1.1 host(127.0.0.53)]` (moby, libnetwork/internal/resolvconf); host() is asked from the host's namespace. */
function listUpstream(path: string, line: string, index: number): NameServer[] {
  const list = /^# ExtServers: \[(.*)\]/.exec(line)?.[1] ?? "";
  const addresses = list.split(/\s+/).map((entry) => entry.replace(/^host\((.*)\)$/, "$1"));
  return addresses.filter((address) => address !== "").map((address) => ({ address, place: placeInLine(path, line, address, index) }));
}
