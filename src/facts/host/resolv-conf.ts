/** Name servers of a resolv.conf(5), and those that Docker's own resolver asks. */
import type { TextFile } from "../../snapshot/model.ts";
import type { FilePlace } from "../resource.ts";

export interface NameServer {
  readonly address: string;
  readonly place: FilePlace;
}

/** Docker's resolver in a container on a network of its own; whom it asks stands in a comment, since engine 25. */
const EMBEDDED = "127.0.0.11";

/** In the order of the file. Docker's embedded resolver is replaced by the servers that it asks, as far as the file tells. */
export function listNameServers({ path, text }: TextFile): NameServer[] {
  const lines = (text ?? "").split("\n");
  const servers = lines.flatMap((line, index) => {
    const address = /^\s*nameserver\s+(\S+)/.exec(line)?.[1];
    return address === undefined ? [] : [{ address, place: placeOf(path, line, address, index) }];
  });
  if (!servers.some(({ address }) => address === EMBEDDED)) return servers;
  return [...servers.filter(({ address }) => address !== EMBEDDED), ...lines.flatMap((line, index) => listUpstream(path, line, index))];
}

/** `# ExtServers: [1.1.1.1 host(127.0.0.53)]` (moby, libnetwork/internal/resolvconf); host() is asked from the host's namespace. */
function listUpstream(path: string, line: string, index: number): NameServer[] {
  const list = /^# ExtServers: \[(.*)\]/.exec(line)?.[1] ?? "";
  const addresses = list.split(/\s+/).map((entry) => entry.replace(/^host\((.*)\)$/, "$1"));
  return addresses.filter((address) => address !== "").map((address) => ({ address, place: placeOf(path, line, address, index) }));
}

function placeOf(file: string, line: string, address: string, index: number): FilePlace {
  const column = line.indexOf(address) + 1;
  return { file, line: index + 1, column, endLine: index + 1, endColumn: column + address.length };
}
