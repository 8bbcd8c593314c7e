/** A dockerd that remaps users and sees another /etc than harden does: what it reads is read as it sees it. */
import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectEngine } from "../../src/collect/client.ts";
import { collectDaemon } from "../../src/collect/daemon.ts";
import { type Endpoint, findEndpoint } from "../../src/collect/endpoint.ts";
import { collectEngine } from "../../src/collect/engine.ts";
import { collectNetworks } from "../../src/collect/inventory.ts";
import { locateEngine } from "../../src/collect/locality.ts";
import { deriveDaemon } from "../../src/facts/daemon.ts";
import type { DaemonData } from "../../src/snapshot/model.ts";
import { ENGINE_VERSIONS, findEnginePath } from "../support/engine-version.ts";
import { type HeldNamespace, holdNamespace } from "../support/hold-namespace.ts";
import { describeWith } from "../support/requirements.ts";
import { openSandbox, type Sandbox } from "../support/sandbox.ts";
import { snapshotOf } from "../support/snapshot.ts";

const DAEMON_JSON = '{\n  "userns-remap": "default",\n  "no-new-privileges": true,\n  "icc": false\n}\n';

/** Writes a file in the sandbox's own /etc. */
async function write(sandbox: Sandbox, path: string, text: string): Promise<void> {
  await sandbox.run("sh", "-c", 'mkdir -p "$(dirname "$1")" && printf %s "$2" > "$1"', "sh", path, text);
}

for (const version of ENGINE_VERSIONS) {
  describeWith({ engine: version }, `dockerd ${version} with users remapped, in a mount namespace of its own`, () => {
    let held: HeldNamespace;
    let sandbox: Sandbox;
    let folder: string;
    let dockerd: ChildProcess;
    let endpoint: Endpoint;

    beforeAll(async () => {
      held = await holdNamespace();
      ({ folder } = held);
      sandbox = await openSandbox(held.netns);
      await write(sandbox, "/etc/docker/daemon.json", DAEMON_JSON);
      // Else dockerd would take this machine's containerd if one runs, or wait for what stands in its place.
      await sandbox.run("sh", "-c", "mkdir -p /run/containerd; mount -t tmpfs tmpfs /run/containerd");
      const holder = /^\/proc\/(\d+)\//.exec(sandbox.netns)?.[1] ?? "";
      const args = ["--data-root", `${folder}/data`, "--exec-root", `${folder}/exec`, "--pidfile", `${folder}/docker.pid`, "-H", `unix://${folder}/docker.sock`];
      dockerd = spawn("nsenter", [`--target=${holder}`, "--net", "--mount", "--", "dockerd", ...args], { env: { PATH: findEnginePath(version) }, stdio: "ignore" });
      endpoint = await findEndpoint({ DOCKER_HOST: `unix://${folder}/docker.sock` });
      for (let tries = 0; (await collectEngine(connectEngine(endpoint, 1000), endpoint)).status !== "ok"; tries++) {
        if (tries > 200 || dockerd.exitCode !== null) throw new Error("dockerd did not come up");
        await sleep(50);
      }
    });
    afterAll(async () => {
      await sandbox.release();
      await held.release();
    });

    test("it is proved local, and its own file is read, with what it set", async () => {
      const located = await locateEngine(`${folder}/docker.sock`, []);
      expect(located).toMatchObject({ local: true, pid: dockerd.pid });
      const asked = await collectEngine(connectEngine(endpoint, 10_000), endpoint);
      const daemon = await collectDaemon({ pid: located.pid });
      expect(daemon.data?.configFile).toMatchObject({ path: "/etc/docker/daemon.json", explicit: false, text: DAEMON_JSON, error: null });
      const engine = { ...(asked.data ?? { endpoint: "", localReason: "", info: {}, version: {} }), local: true, pid: located.pid };
      const networks = await collectNetworks(connectEngine(endpoint, 10_000), endpoint);
      const [facts] = deriveDaemon(snapshotOf({ engine, daemon, networks })).resources;
      expect([Object.keys(facts?.unknown ?? {}), facts?.drift]).toEqual([["/upstreamBuild"], []]);
      expect(facts).toMatchObject({ remapped: true, usernsRemap: "default", rootless: false, noNewPrivileges: true, icc: false });
      expect([facts?.origins["/remapped"], facts?.origins["/noNewPrivileges"], facts?.origins["/icc"]]).toMatchObject([{ line: 2 }, { line: 3 }, { line: 4 }]);
      expect(facts?.dataRoot).toMatch(/\/data\/\d+\.\d+$/);
    });
  });
}

describeWith({ root: true, programs: ["unshare"] }, "a host on which no dockerd runs", () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox();
  });
  afterAll(async () => {
    await sandbox.release();
  });

  test("file and unit are read, and --config-file of the unit is followed", async () => {
    await write(sandbox, "/etc/systemd/system/docker.service", "[Service]\nExecStart=/usr/bin/dockerd -H fd:// $OPTS\nEnvironmentFile=/etc/opts\n");
    await write(sandbox, "/etc/opts", "OPTS=--config-file=/etc/own.json\n");
    await write(sandbox, "/etc/own.json", '{"icc": false, "http-proxy": "http://me:hunter2hunter2@proxy.example"}');
    const data = await collectInside(sandbox);
    expect(data).toMatchObject({
      pid: null, commandLine: null, startedAt: null, rootless: false, listeners: null, configFile: { path: "/etc/own.json", explicit: true, error: null },
    });
    expect(data.units.map(({ path }) => path)).toContain("/etc/opts");
    expect(data.units[0]?.path).toBe("/etc/systemd/system/docker.service");
    expect(data.configFile.text).toContain('"icc": false');
    expect(data.configFile.text).not.toContain("hunter2hunter2");
  });
});

/** Collects in the sandbox, in a process namespace in which nothing else runs. */
async function collectInside(sandbox: Sandbox): Promise<DaemonData> {
  const source = fileURLToPath(new URL("../../src/collect/daemon.ts", import.meta.url));
  const script = `const { collectDaemon } = await import(${JSON.stringify(source)});
    console.log(JSON.stringify(await collectDaemon({ pid: null, dataRoot: "/var/lib/docker", socket: null, containers: [] })));`;
  const command = ["unshare", "--pid", "--fork", "--mount-proc", process.execPath, "--input-type=module", "--eval", script];
  return (JSON.parse(await sandbox.run(...command)) as { data: DaemonData }).data;
}
