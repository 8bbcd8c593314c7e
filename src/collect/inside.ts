/** A container's network namespace from within. Programs of the host enter it; nothing of the container is run. */
import { readFile } from "node:fs/promises";
import type { Inside, Listener } from "../snapshot/inside.ts";
import type { Answer } from "../snapshot/model.ts";
import { collectAddresses } from "./addresses.ts";
import { parseTcpListeners, parseUdpListeners, type IpListener } from "./socket-tables.ts";

/** `pid`: a process that is in it. */
export async function collectInside(pid: number): Promise<Answer<Inside>> {
  const [addresses, listeners] = await Promise.all([collectAddresses({ pid }), listListeners(pid)]);
  const { status, detail, data } = addresses;
  return { status, detail, data: data === null ? null : { network: data, listeners } };
}

async function listListeners(pid: number): Promise<Listener[] | null> {
  const read = (table: string): Promise<string | null> => readFile(`/proc/${pid}/net/${table}`, "utf8").catch(() => null);
  const [tcp, tcp6, udp, udp6] = await Promise.all(["tcp", "tcp6", "udp", "udp6"].map(read));
  // The tables of IPv6 are missing where the kernel has none.
  if (tcp === null || udp === null) return null;
  const of = (protocol: Listener["protocol"], sockets: readonly IpListener[]): Listener[] => sockets.map(({ address, port }) => ({ protocol, address, port }));
  return [
    ...of("tcp", [...parseTcpListeners(tcp ?? ""), ...parseTcpListeners(tcp6 ?? "")]),
    ...of("udp", [...parseUdpListeners(udp ?? ""), ...parseUdpListeners(udp6 ?? "")]),
  ];
}
