/** The kernel's tables of sockets, /proc/PID/net/{unix,tcp,tcp6}: which sockets listen, and where (proc(5)). */
import { readFile } from "node:fs/promises";
import { endianness } from "node:os";
import { errorCode } from "./answer.ts";
import { readProc, readProcLink } from "./proc.ts";

export interface UnixListener {
  readonly inode: number;
  /** As it was given to bind(2): it may be relative, and is the binding process's own view of its file system. */
  readonly path: string;
}

export interface IpListener {
  readonly inode: number;
  readonly address: string;
  readonly port: number;
}

/** An open connection, with the local end first. */
export interface TcpConnection extends IpListener {
  readonly peer: { readonly address: string; readonly port: number };
}

/** Listening unix sockets with a path in the network namespaces of these processes, each namespace read once. */
export function listUnixListeners(pids: readonly (number | "self")[]): UnixListener[] {
  return distinctNamespaces(pids).flatMap((pid) => parseUnixListeners(readProc(`/proc/${pid}/net/unix`) ?? ""));
}

/**
 * Listening TCP sockets in the network namespaces of these processes; null where a table could not be read, so that there may be others. For each table the
 * kernel walks over all its connections, some milliseconds.
 */
export async function listTcpListeners(pids: readonly (number | "self")[]): Promise<IpListener[] | null> {
  const tables = await Promise.all(distinctNamespaces(pids).map((pid) => readTcpTables(`/proc/${pid}/net/tcp`, `/proc/${pid}/net/tcp6`)));
  const texts = tables.filter((table) => table !== null);
  return texts.length < tables.length ? null : texts.flat().flatMap((text) => parseTcpListeners(text));
}

/** Null where one could not be read. A kernel without IPv6 has no second one. */
export async function readTcpTables(tcp: string, tcp6: string): Promise<string[] | null> {
  const [four, six] = await Promise.all([
    readFile(tcp, "utf8").catch(() => null),
    readFile(tcp6, "utf8").catch((error: unknown) => (errorCode(error) === "ENOENT" ? "" : null)),
  ]);
  return four === null || six === null ? null : [four, six];
}

const ACCEPTS_CONNECTIONS = 0x10000;

/** Lines are `Num RefCount Protocol Flags Type St Inode Path`; the path may hold blanks and is absent or starts with @ for others. */
export function parseUnixListeners(text: string): UnixListener[] {
  return text.split("\n").flatMap((line) => {
    const [, flags = "", inode = "", path = ""] = /^\S+: \S+ \S+ (\S+) \S+ \S+ +(\d+) (.+)$/.exec(line) ?? [];
    if (path === "" || path.startsWith("@")) return [];
    return (parseInt(flags, 16) & ACCEPTS_CONNECTIONS) === 0 ? [] : [{ inode: Number(inode), path }];
  });
}

/** Open TCP connections of this process's own network namespace. */
export async function listTcpConnections(): Promise<TcpConnection[]> {
  const tables = await Promise.all(["/proc/self/net/tcp", "/proc/self/net/tcp6"].map((path) => readFile(path, "utf8").catch(() => "")));
  return tables.flatMap((text) => parseSockets(text, ESTABLISHED, endianness()));
}

/** States of sockets (include/net/tcp_states.h): TCP_ESTABLISHED, TCP_LISTEN, and TCP_CLOSE, which a UDP socket has that is bound and not connected. */
const ESTABLISHED = "01";
const LISTEN = "0A";
const UNCONNECTED = "07";

export function parseTcpListeners(text: string, order: "LE" | "BE" = endianness()): IpListener[] {
  return parseSockets(text, LISTEN, order).map(toListener);
}

export function parseUdpListeners(text: string): IpListener[] {
  return parseSockets(text, UNCONNECTED, endianness()).map(toListener);
}

function toListener({ inode, address, port }: TcpConnection): IpListener {
  return { inode, address, port };
}

/** Lines are `sl local_address rem_address st … inode`; an address is hexadecimal words in the machine's byte order. */
function parseSockets(text: string, wanted: string, order: "LE" | "BE"): TcpConnection[] {
  const readEnd = (end: string): { address: string; port: number } => {
    const [address = "", port = ""] = end.split(":");
    return { address: decodeAddress(address, order), port: parseInt(port, 16) };
  };
  return text.split("\n").flatMap((line) => {
    const [, local = "", remote = "", state, , , , , , inode = ""] = line.trim().split(/\s+/);
    if (state !== wanted) return [];
    return [{ inode: Number(inode), ...readEnd(local), peer: readEnd(remote) }];
  });
}

function decodeAddress(hexadecimal: string, order: "LE" | "BE"): string {
  const bytes = (hexadecimal.match(/.{8}/g) ?? []).flatMap((word) => {
    const ordered = [...Buffer.from(word, "hex")];
    return order === "LE" ? ordered.reverse() : ordered;
  });
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from({ length: 8 }, (_, index) => (((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0)).toString(16));
  // The URL parser writes an IPv6 address in its shortest form (RFC 5952).
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}

/** One process for each network namespace. */
function distinctNamespaces(pids: readonly (number | "self")[]): (number | "self")[] {
  const seen = new Set<string>();
  return pids.filter((pid) => {
    // Without root ns/net of another user's process is closed though its tables are open.
    const namespace = readProcLink(`/proc/${pid}/ns/net`) ?? `of ${pid}`;
    return !seen.has(namespace) && seen.add(namespace);
  });
}
