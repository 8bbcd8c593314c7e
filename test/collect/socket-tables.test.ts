import { createServer, type AddressInfo, type Server } from "node:net";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listSocketInodes } from "../../src/collect/proc.ts";
import { listTcpListeners, listUnixListeners, parseTcpListeners, parseUnixListeners, readTcpTables } from "../../src/collect/socket-tables.ts";

const UNIX = `Num       RefCount Protocol Flags    Type St Inode Path
0000000009bd5350: 00000002 00000000 00010000 0001 01 64695 /run/docker.sock
0000000009bd5351: 00000003 00000000 00000000 0001 03 64696 /run/docker.sock
0000000009bd5352: 00000002 00000000 00010000 0001 01 64697 @abstract
0000000009bd5353: 00000002 00000000 00010000 0001 01 64698
0000000009bd5354: 00000002 00000000 00010000 0001 01    99 with a blank.sock
`;

test("unix sockets: those that listen at a path, blanks in it kept", () => {
  expect(parseUnixListeners(UNIX)).toEqual([
    { inode: 64695, path: "/run/docker.sock" },
    { inode: 99, path: "with a blank.sock" },
  ]);
});

const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0947 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 64742 1 0000000000000000 100 0 0 10 0
   1: 00000000:0948 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 64743 1 0000000000000000 100 0 0 10 0
   2: 0100007F:0947 0100007F:8FFC 01 00000000:00000000 00:00000000 00000000     0        0 64744 1 0000000000000000 100 0 0 10 0
`;

test("TCP sockets: those that listen, addresses from the machine's byte order", () => {
  expect(parseTcpListeners(TCP, "LE")).toEqual([
    { inode: 64742, address: "127.0.0.1", port: 2375 },
    { inode: 64743, address: "0.0.0.0", port: 2376 },
  ]);
  expect(parseTcpListeners(TCP.replaceAll("0100007F", "7F000001"), "BE")[0]?.address).toBe("127.0.0.1");
});

test("IPv6 addresses in their shortest form", () => {
  const line = (address: string): string => `  0: ${address}:0947 ${"0".repeat(32)}:0000 0A 0:0 0:0 0 0 0 7 1`;
  const text = ["0".repeat(32), "00000000000000000000000001000000", "B80D0120000000000000000001000000"].map(line).join("\n");
  expect(parseTcpListeners(text, "LE").map(({ address }) => address)).toEqual(["::", "::1", "2001:db8::1"]);
});

test("the kernel's own tables: a socket that this process listens on is found there and among its descriptors", async () => {
  const folder = mkdtempSync(join(tmpdir(), "harden-"));
  const path = join(folder, "test.sock");
  const unix = await listen((server, done) => server.listen(path, done));
  const tcp = await listen((server, done) => server.listen(0, "127.0.0.1", done));
  const held = listSocketInodes(process.pid);
  const found = listUnixListeners(["self", process.pid]).filter((listener) => listener.path === path);
  expect(found).toHaveLength(1);
  expect(held?.has(found[0]?.inode ?? -1)).toBe(true);
  const { port } = tcp.address() as AddressInfo;
  const heard = (await listTcpListeners(["self"]) ?? []).filter((listener) => listener.port === port && held?.has(listener.inode) === true);
  expect(heard.map(({ address }) => address)).toEqual(["127.0.0.1"]);
  unix.close();
  tcp.close();
  rmSync(folder, { recursive: true });
});

test("a table that cannot be read is not an empty one; that of IPv6 may be missing", async () => {
  expect(await listTcpListeners([2 ** 22 + 1])).toBeNull();
  const folder = mkdtempSync(join(tmpdir(), "harden-"));
  const [tcp, tcp6] = ["tcp", "tcp6"].map((name) => join(folder, name)) as [string, string];
  writeFileSync(tcp, TCP);
  expect((await readTcpTables(tcp, tcp6))?.map((text) => text.length)).toEqual([TCP.length, 0]);
  mkdirSync(tcp6);
  expect(await readTcpTables(tcp, tcp6)).toBeNull();
  rmSync(tcp);
  rmSync(tcp6, { recursive: true });
  writeFileSync(tcp6, TCP);
  expect(await readTcpTables(tcp, tcp6)).toBeNull();
  rmSync(folder, { recursive: true });
});

function listen(start: (server: Server, done: () => void) => void): Promise<Server> {
  const server = createServer();
  return new Promise((resolve) => {
    start(server, () => { resolve(server); });
  });
}
