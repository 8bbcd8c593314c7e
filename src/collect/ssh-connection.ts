/** By which SSH connection the person came who runs this process, and since when it is open. */
import { listProcessIds, listSocketInodes, readProc } from "./proc.ts";
import { listTcpConnections, listTcpListeners, type TcpConnection } from "./socket-tables.ts";

/** Texts are those of SSH_CONNECTION (ssh(1)): `CLIENT PORT SERVER PORT`. */
export type SshConnection =
  /** A console, a cron job: no process above this one came over SSH. */
  | { readonly kind: "none" }
  | { readonly kind: "open"; readonly text: string }
  /**
   * The variable names a connection that this network does not have: a terminal multiplexer keeps it for as long as it runs. `others`: the connections that are
   * open to the same port. `listening`: whether new ones would be taken there, or that could not be read.
   */
  | { readonly kind: "gone"; readonly text: string; readonly others: readonly string[]; readonly listening: boolean }
  | { readonly kind: "unknown"; readonly reason: string };

/** sudo and su drop SSH_CONNECTION, so where the environment lacks it, that of the processes above counts, the nearest first. */
export async function findSshConnection(environment: Readonly<Record<string, string | undefined>>): Promise<SshConnection> {
  const found = environment["SSH_CONNECTION"] === undefined ? searchAncestors(process.ppid) : { text: environment["SSH_CONNECTION"] };
  if (found === null) return { kind: "none" };
  if ("reason" in found) return { kind: "unknown", reason: found.reason };
  const { text } = found;
  const ends = readEnds(text);
  if (ends === null) return { kind: "unknown", reason: `SSH_CONNECTION is ${JSON.stringify(text)}, not "CLIENT PORT SERVER PORT"` };
  const connections = await listTcpConnections();
  if (connections.some((connection) => isSame(connection, ends))) return { kind: "open", text };
  const others = connections.filter(({ port }) => port === ends.server.port).map(tell);
  const listening = (await listTcpListeners(["self"]))?.some(({ port }) => port === ends.server.port) ?? true;
  return { kind: "gone", text, others: [...new Set(others)].sort(), listening };
}

/**
 * Seconds after the start of the kernel at which the program began that serves this connection: sshd starts one for each. Null where none is seen to hold it.
 * The text is that of an open connection.
 */
export async function readConnectionStart(text: string): Promise<number | null> {
  const ends = readEnds(text);
  const inode = ends === null ? undefined : (await listTcpConnections()).find((connection) => isSame(connection, ends))?.inode;
  if (inode === undefined) return null;
  const starts = listProcessIds().flatMap((pid) => (listSocketInodes(pid)?.has(inode) === true ? (readStart(pid) ?? []) : []));
  return starts.length === 0 ? null : Math.min(...starts);
}

interface End {
  readonly address: string;
  readonly port: number;
}

interface Ends {
  readonly client: End;
  readonly server: End;
}

function readEnds(text: string): Ends | null {
  const [, client = "", clientPort, server = "", serverPort] = /^(\S+) (\d{1,5}) (\S+) (\d{1,5})$/.exec(text) ?? [];
  if (clientPort === undefined) return null;
  return { client: { address: normalize(client), port: Number(clientPort) }, server: { address: normalize(server), port: Number(serverPort) } };
}

function isSame({ address, port, peer }: TcpConnection, { client, server }: Ends): boolean {
  return peer.port === client.port && port === server.port && normalize(peer.address) === client.address && normalize(address) === server.address;
}

function tell({ address, port, peer }: TcpConnection): string {
  return `${normalize(peer.address)} ${peer.port} ${normalize(address)} ${port}`;
}

/** In its shortest form, IPv4 out of the clothes of IPv6, without the zone, which the kernel's tables do not tell. */
function normalize(address: string): string {
  const [bare = ""] = address.split("%");
  if (!bare.includes(":") || !URL.canParse(`http://[${bare}]`)) return bare;
  const short = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(short) ?? [];
  if (high === undefined || low === undefined) return short;
  return [high, low].map((group) => parseInt(group, 16)).flatMap((group) => [group >> 8, group & 255]).join(".");
}

/** Null where the processes up to the first have none; the first itself came over nothing, and may hide. Who else may not be read leaves it unknown. */
function searchAncestors(first: number): { readonly text: string } | { readonly reason: string } | null {
  for (let pid = first; pid > 0;) {
    const parent = readParent(pid);
    if (parent === null) return null; // gone meanwhile, and what it was started by with it
    const environment = readProc(`/proc/${pid}/environ`);
    if (environment === null && pid === 1) return null;
    if (environment === null) return { reason: `the environment of process ${pid}, which harden was started by, cannot be read` };
    const line = environment.split("\0").find((entry) => entry.startsWith("SSH_CONNECTION="));
    if (line !== undefined) return { text: line.slice("SSH_CONNECTION=".length) };
    pid = parent;
  }
  return null;
}

function readParent(pid: number): number | null {
  const parent = Number(statFields(pid)[1]);
  return Number.isInteger(parent) ? parent : null;
}

/** In ticks of 1/100 s on every architecture that Linux has (USER_HZ). */
function readStart(pid: number): number | null {
  const ticks = Number(statFields(pid)[19]);
  return Number.isFinite(ticks) ? ticks / 100 : null;
}

/** /proc/PID/stat from the state on (proc(5)): the name before it may hold blanks and brackets. */
function statFields(pid: number): string[] {
  const stat = readProc(`/proc/${pid}/stat`) ?? "";
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}
