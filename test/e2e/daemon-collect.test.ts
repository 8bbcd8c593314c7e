/** dockerd's own side on real engines: where it runs, how it was started, what it listens on, and its containers' processes. */
import { rename, symlink, utimes, writeFile } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectEngine } from "../../src/collect/client.ts";
import { collectDaemon } from "../../src/collect/daemon.ts";
import { findEndpoint } from "../../src/collect/endpoint.ts";
import { collectEngine } from "../../src/collect/engine.ts";
import { collectNetworks } from "../../src/collect/inventory.ts";
import { isContainerProcess, locateEngine } from "../../src/collect/locality.ts";
import { collectProcesses } from "../../src/collect/processes.ts";
import type { RunningContainer, Subject } from "../../src/collect/subject.ts";
import { deriveDaemon } from "../../src/facts/daemon.ts";
import type { Daemon } from "../../src/facts/model/daemon.ts";
import type { ProcessData } from "../../src/snapshot/model.ts";
import { type Engine, startEngine } from "../support/engine.ts";
import { ENGINE_VERSIONS } from "../support/engine-version.ts";
import { importImages } from "../support/images.ts";
import { describeWith } from "../support/requirements.ts";
import { snapshotOf } from "../support/snapshot.ts";

const PORT = 23_751;

function subjectOf(engine: Engine, containers: RunningContainer[] = []): Subject {
  return { pid: engine.pid, dataRoot: join(engine.folder, "data"), socket: engine.socket, containers };
}

async function derive(engine: Engine): Promise<Daemon> {
  const endpoint = await findEndpoint(engine.env);
  const client = connectEngine(endpoint, 10_000);
  const asked = await collectEngine(client, endpoint);
  if (asked.data === null) throw new Error(asked.detail ?? "the engine did not answer");
  const [daemon] = deriveDaemon(snapshotOf({
    engine: { ...asked.data, local: true, pid: engine.pid },
    networks: await collectNetworks(client, endpoint),
    daemon: await collectDaemon(subjectOf(engine)),
  })).resources;
  if (daemon === undefined) throw new Error("no daemon");
  return daemon;
}

async function run(engine: Engine, name: string, ...args: string[]): Promise<RunningContainer> {
  const id = (await engine.docker("run", "--detach", "--name", name, ...args, "busybox:plain")).trim();
  return { id, pid: Number(await engine.docker("inspect", "--format", "{{.State.Pid}}", id)) };
}

/** What socat or ssh -L do: listens, and hands everything on. */
async function forward(path: string, to: string): Promise<Server> {
  const server = createServer((from) => {
    const onward = connect(to);
    from.pipe(onward).pipe(from);
    for (const [socket, other] of [[from, onward], [onward, from]] as const) socket.on("error", () => other.destroy());
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return server;
}

for (const version of ENGINE_VERSIONS) {
  describeWith({ engine: version }, `dockerd ${version} as this host sees it`, () => {
    let engine: Engine;
    let plain: RunningContainer;
    let open: RunningContainer;

    beforeAll(async () => {
      const daemonJson = { "no-new-privileges": true, "log-opts": { "max-size": "10m" } };
      engine = await startEngine({ version, daemonJson, args: ["-H", `tcp://127.0.0.1:${PORT}`, "--icc=false"] });
      await importImages(engine);
      plain = await run(engine, "plain", "--user", "1000", "--cap-drop", "ALL");
      open = await run(engine, "open", "--network", "host", "--pid", "host", "--cap-add", "SYS_ADMIN", "--security-opt", "seccomp=unconfined", "--security-opt", "no-new-privileges=false");
    });
    afterAll(async () => {
      await engine.stop();
    });

    test("the process that listens on the socket proves the engine local, by whatever path", async () => {
      const proved = { local: true, reason: expect.stringMatching(`dockerd \\(process ${engine.pid}\\) listens on`) as string, pid: engine.pid };
      expect(await locateEngine(engine.socket, [])).toEqual(proved);
      await symlink(engine.folder, join(engine.folder, "elsewhere"));
      expect(await locateEngine(join(engine.folder, "elsewhere/docker.sock"), [])).toEqual(proved);
    });

    test("a forwarder proves nothing; a container's process behind it does", async () => {
      const path = join(engine.folder, "forwarded.sock");
      const server = await forward(path, engine.socket);
      const endpoint = await findEndpoint({ DOCKER_HOST: `unix://${path}` });
      expect((await collectEngine(connectEngine(endpoint, 10_000), endpoint)).status).toBe("ok");
      expect(await locateEngine(path, [])).toEqual({
        local: false, reason: `no engine of this machine listens on ${path}, and no container runs that could prove it`, pid: null,
      });
      expect(await locateEngine(path, [{ id: plain.id, pid: process.pid }])).toMatchObject({ local: false });
      expect(await locateEngine(path, [plain])).toMatchObject({ local: true, reason: `the cgroup of process ${plain.pid} names container ${plain.id.slice(0, 12)}` });
      server.close();
    });

    test("a process is a container's only if its cgroup names it", () => {
      expect([isContainerProcess(plain.pid, plain.id), isContainerProcess(open.pid, open.id)]).toEqual([true, true]);
      expect([isContainerProcess(open.pid, plain.id), isContainerProcess(engine.pid, plain.id)]).toEqual([false, false]);
    });

    test("its command line, configuration file and open TCP sockets", async () => {
      const { status, data } = await collectDaemon(subjectOf(engine));
      expect(status).toBe("ok");
      expect(data).toMatchObject({
        pid: engine.pid, rootless: false, units: [], listeners: [{ address: "127.0.0.1", port: PORT }],
        configFile: { path: join(engine.folder, "daemon.json"), explicit: true, text: '{"no-new-privileges":true,"log-opts":{"max-size":"10m"}}', error: null },
      });
      expect(data?.commandLine).toContain("--icc=false");
      expect(Date.now() - (data?.startedAt ?? 0)).toBeLessThan(60_000);
      expect(data?.startedAt).toBeGreaterThan((data?.configFile.modifiedAt ?? Infinity) - 1000);
    });

    test("what runs, and where it was set", async () => {
      const daemon = await derive(engine);
      // The test's engines are built from source.
      expect([Object.keys(daemon.unknown), daemon.drift]).toEqual([["/upstreamBuild"], []]);
      expect(daemon).toMatchObject({ icc: false, noNewPrivileges: true, remapped: false, logMaxSize: "10m", tlsVerify: false });
      expect(daemon.origins["/icc"]).toEqual({ source: "daemon", key: "--icc" });
      expect(daemon.origins["/noNewPrivileges"]).toMatchObject({ file: join(engine.folder, "daemon.json"), line: 1, column: 2 });
      expect(daemon.hosts.map(({ url }) => url)).toEqual([`unix://${engine.socket}`, `tcp://127.0.0.1:${PORT}`]);
    });

    test("the kernel's view of its containers", async () => {
      const { data } = await collectProcesses(subjectOf(engine, [plain, open]));
      const [confined, free] = data?.containers as [ProcessData, ProcessData];
      const shares = (process: ProcessData, name: string): boolean => process.namespaces[name] === data?.host[name];
      expect(confined).toMatchObject({ uids: [1000, 1000, 1000, 1000], noNewPrivs: 1, seccomp: 2, capEffective: "0".repeat(16), capBounding: "0".repeat(16), error: null });
      expect(["net", "pid", "ipc", "uts", "mnt"].map((name) => shares(confined, name))).toEqual([false, false, false, false, false]);
      expect(confined.maskedPaths).toContainEqual(expect.stringMatching(/^\/proc\/sys proc ro,/));
      expect(free).toMatchObject({ uids: [0, 0, 0, 0], noNewPrivs: 0, seccomp: 0 });
      expect(Number((BigInt(`0x${free.capBounding ?? "0"}`) >> 21n) & 1n)).toBe(1);
      expect(["net", "pid", "ipc", "uts"].map((name) => shares(free, name))).toEqual([true, true, false, false]);
    });

    test("without root: its command line is seen, its sockets and namespaces are not, and a container proves it local", async () => {
      const seen = await asNobody(`
        const { locateEngine } = await import(src + "collect/locality.ts");
        const { collectDaemon } = await import(src + "collect/daemon.ts");
        const { collectProcesses } = await import(src + "collect/processes.ts");
        process.setgid(65534); process.setgroups([]); process.setuid(65534);
        const subject = { pid: ${engine.pid}, dataRoot: "/", socket: null, containers: [${JSON.stringify(plain)}] };
        const daemon = (await collectDaemon(subject)).data;
        const [container] = (await collectProcesses(subject)).data.containers;
        return {
          bare: await locateEngine(${JSON.stringify(engine.socket)}, []), proved: (await locateEngine(${JSON.stringify(engine.socket)}, subject.containers)).local,
          flags: daemon.commandLine.includes("--icc=false"), listeners: daemon.listeners,
          uids: container.uids, net: container.namespaces.net, error: container.error,
        };`);
      expect(seen).toMatchObject({ proved: true, flags: true, listeners: null, uids: [1000, 1000, 1000, 1000], net: null, bare: { local: false, pid: null } });
      expect(seen["error"]).toMatch(/^EACCES: .*ns\/net/);
    });

    test("a file edited after the start describes the future, even with an old modification time", async () => {
      await sleep(1100);
      const file = join(engine.folder, "daemon.json");
      await writeFile(`${file}.new`, '{\n  "no-new-privileges": true,\n  "live-restore": true,\n  "tlsverify": true\n}');
      await utimes(`${file}.new`, 0, 0);
      await rename(`${file}.new`, file);
      const daemon = await derive(engine);
      expect(daemon.drift).toEqual([{ key: "live-restore", file: "true", running: "false" }]);
      expect(daemon.origins["/drift/0"]).toMatchObject({ file, line: 3 });
      expect(daemon).toMatchObject({ icc: false, liveRestore: false });
      expect(daemon.unknown["/tlsVerify"]).toBe(`${file} was changed after dockerd started, so it does not tell what runs`);
      expect("/noNewPrivileges" in daemon.unknown).toBe(version === "20.10");
    });

    test("whoever takes the socket's place is not the engine", async () => {
      const aside = join(engine.folder, "aside.sock");
      await rename(engine.socket, aside);
      const server = await forward(engine.socket, aside);
      try {
        expect(await locateEngine(engine.socket, [])).toMatchObject({ local: false, pid: null });
      } finally {
        await new Promise((resolve) => server.close(resolve));
        await rename(aside, engine.socket);
      }
    });
  });

  describeWith({ engine: version }, `a dockerd ${version} that cannot be started`, () => {
    test.each([
      ["a word behind a boolean flag", { args: ["--icc", "false"] }],
      ["a key in the file and as a flag", { args: ["--icc=false"], daemonJson: { icc: false } }],
      ["a key of a wrong type", { daemonJson: { icc: "false" } }],
    ])("%s: a running engine never has it", async (_, options) => {
      await expect(startEngine({ version, ...options })).rejects.toThrow("did not come up");
    });
  });
}

/** Runs code in a process that it may give up root in; `src` is the folder of the sources. Its result travels as JSON. */
async function asNobody(code: string): Promise<Record<string, unknown>> {
  const src = fileURLToPath(new URL("../../src/", import.meta.url));
  const script = `const src = ${JSON.stringify(src)};\nconsole.log(JSON.stringify(await (async () => {${code}})()));`;
  const { stdout } = await execa(process.execPath, ["--input-type=module", "--eval", script]);
  return JSON.parse(stdout) as Record<string, unknown>;
}
