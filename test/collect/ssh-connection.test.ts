/** By which SSH connection one came, against the kernel's own tables of sockets and processes. */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findSshConnection, readConnectionStart, type SshConnection } from "../../src/collect/ssh-connection.ts";
import { describeWith } from "../support/requirements.ts";

const MODULE = fileURLToPath(new URL("../../src/collect/ssh-connection.ts", import.meta.url));
const server = createServer();
let port: number;
let client: Socket;
let open: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "::", resolve));
  port = (server.address() as AddressInfo).port;
  client = connect(port, "127.0.0.1");
  await Promise.all([once(client, "connect"), once(server, "connection")]);
  open = `127.0.0.1 ${client.localPort ?? 0} 127.0.0.1 ${port}`;
});
afterAll(() => {
  client.destroy();
  server.close();
});

test("an open connection is found, an IPv4 one in a socket for both families too", async () => {
  expect(await findSshConnection({ SSH_CONNECTION: open })).toEqual({ kind: "open", text: open });
});

test("a connection that is gone: those that are open to the same port now, and whether more would be taken", async () => {
  const gone = `192.0.2.7 50000 127.0.0.1 ${port}`;
  expect(await findSshConnection({ SSH_CONNECTION: gone })).toEqual({ kind: "gone", text: gone, others: [open], listening: true });
  expect(await findSshConnection({ SSH_CONNECTION: "192.0.2.7 50000 127.0.0.1 1" })).toMatchObject({ others: [], listening: false });
});

test.each(["", "192.0.2.7 50000", "192.0.2.7 50000 192.0.2.1 22 more", "a b c d"])("what is no connection is unknown, never none: %j", async (text) => {
  expect(await findSshConnection({ SSH_CONNECTION: text })).toMatchObject({ kind: "unknown" });
});

test("the start of a connection is that of the program that holds it, by the kernel's clock", async () => {
  const readUptime = async (): Promise<number> => Number((await readFile("/proc/uptime", "utf8")).split(" ")[0]);
  const [start, before] = [(await readConnectionStart(open)) ?? 0, await readUptime()];
  const { stdout: age } = await execa("ps", ["-o", "etimes=", "-p", String(process.pid)]);
  const after = await readUptime();
  expect(start).toBeGreaterThanOrEqual(before - Number(age) - 2);
  expect(start).toBeLessThanOrEqual(after - Number(age) + 1);
  expect(await readConnectionStart(`192.0.2.7 50000 127.0.0.1 ${port}`)).toBeNull();
});

const FIND = `import { findSshConnection } from ${JSON.stringify(MODULE)}; console.log(JSON.stringify(await findSshConnection(process.env)));`;

/** As sudo does: the program's own environment lacks what its parent's has. `;:` keeps the shell from becoming the program. */
async function findBelow(wrapper: readonly string[], value: string | null): Promise<SshConnection> {
  const parent = value === null ? ["env", "-u", "SSH_CONNECTION"] : ["env", `SSH_CONNECTION=${value}`];
  const [program, ...words] = ["env", ...wrapper, ...parent, "sh", "-c", 'env -u SSH_CONNECTION "$@";:', "sh", process.execPath, "--input-type=module", "-e", FIND];
  const { stdout } = await execa(program, words, { stdin: "ignore" });
  return JSON.parse(stdout) as SshConnection;
}

test("what sudo dropped is found in the processes above", async () => {
  expect(await findBelow([], open)).toEqual({ kind: "open", text: open });
});

describeWith({ root: true, programs: ["unshare"] }, "with processes of its own", () => {
  const apart = ["unshare", "--pid", "--fork", "--mount-proc"];
  test("none where no process above came over SSH", async () => {
    expect(await findBelow(apart, null)).toEqual({ kind: "none" });
    expect(await findBelow(apart, open)).toEqual({ kind: "open", text: open });
  });

  test("a process above whose environment may not be read leaves it unknown", async () => {
    const found = await findBelow([...apart, "setpriv", "--bounding-set=-all", "--inh-caps=-all", "--reuid=65534", "--clear-groups", "env"], open);
    expect(found.kind).toBe("open");
    // Two of root's above it: the first of all may hide, the other may not.
    const hidden = await findBelow([...apart, "sh", "-c", `sh -c 'setpriv --reuid=65534 --clear-groups "$@";:' sh "$@";:`, "sh"], null);
    expect(hidden).toMatchObject({ kind: "unknown" });
  });
});
