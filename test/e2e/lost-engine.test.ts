/** Real engines that are elsewhere, end in the midst of a scan, or never answer: what was seen is judged, the rest is unknown. */
import { createServer, connect, type Server } from "node:net";
import { createServer as createHttpServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Report } from "../../src/policy/model/report.ts";
import { type Engine, startEngine } from "../support/engine.ts";
import { ENGINE_VERSIONS } from "../support/engine-version.ts";
import { HARDEN, runHarden } from "../support/harden.ts";
import { importImages } from "../support/images.ts";
import { describeWith } from "../support/requirements.ts";

const PORT = 23_861;
const ENGINE_SIDE = ["engine", "containers", "networks", "volumes", "images"];

interface Judged {
  readonly report: Report;
  readonly exitCode: number;
}

async function scan(host: string): Promise<Judged> {
  const { stdout, stderr, exitCode } = await runHarden(["scan", "--profile", "strict", "-o", "json"], { DOCKER_HOST: host });
  expect(stderr).toBe("");
  return { report: JSON.parse(stdout) as Report, exitCode };
}

/** What socat or ssh -L do. `watch` hears what is sent to the engine. */
async function forward(path: string, to: string, watch: (text: string) => void = () => undefined): Promise<Server> {
  const server = createServer((from) => {
    const onward = connect(to);
    from.on("data", (bytes) => { watch(bytes.toString("latin1")); });
    from.pipe(onward).pipe(from);
    for (const [socket, other] of [[from, onward], [onward, from]] as const) socket.on("error", () => other.destroy());
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return server;
}

for (const version of ENGINE_VERSIONS) {
  describeWith({ engine: version }, `an engine ${version} that is elsewhere`, () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await startEngine({ version, args: ["-H", `tcp://127.0.0.1:${PORT}`] });
      await importImages(engine);
      await engine.docker("create", "--name", "sound", "--user", "1000", "--cap-drop", "ALL", "busybox:plain");
      await engine.docker("create", "--name", "privileged", "--privileged", "busybox:plain");
    });
    afterAll(() => engine.stop());

    function expectApart({ report }: Judged, reason: RegExp): void {
      expect(report.sources.filter(({ name }) => ENGINE_SIDE.includes(name)).map(({ status }) => status)).toEqual(ENGINE_SIDE.map(() => "ok"));
      const others = report.sources.filter(({ name }) => name !== "host" && !ENGINE_SIDE.includes(name));
      expect(others.filter(({ status, detail }) => status !== "absent" || !reason.test(detail ?? ""))).toEqual([]);
      const local = report.results.filter(({ resource }) => ["host", "sysctl", "ruleset"].includes(resource.kind));
      expect(local.length).toBeGreaterThan(10);
      expect(local.filter(({ status }) => status !== "unknown").map(({ policy, status, resource }) => `${status} ${policy} ${resource.id ?? ""}`)).toEqual([]);
      const privileged = report.results.filter(({ policy }) => policy === "container-privileged").map(({ status, resource }) => `${status} ${resource.id ?? ""}`);
      expect(privileged.sort()).toEqual(["fail privileged", "pass sound"]);
    }

    test("behind a forwarded socket", async () => {
      const path = join(engine.folder, "forwarded.sock");
      const server = await forward(path, engine.socket);
      expectApart(await scan(`unix://${path}`), /^the engine is not on this host: no engine of this machine listens on .*forwarded\.sock/);
      server.close();
    });

    test("behind TCP, even if that is this machine's own address", async () => {
      // The engine listens in its own network namespace: whoever is there reaches it.
      const path = join(engine.folder, "tcp.json");
      await engine.inNamespace("env", `DOCKER_HOST=tcp://127.0.0.1:${PORT}`, process.execPath, HARDEN, "scan", "--profile", "strict", "-o", `json=${path}`, "--fail-on", "never");
      const { default: report } = (await import(path, { with: { type: "json" } })) as { default: Report };
      expectApart({ report, exitCode: 0 }, new RegExp(`^the engine is not on this host: tcp://127.0.0.1:${PORT} is reached over the network$`));
    });
  });

  describeWith({ engine: version }, `an engine ${version} that ends in the midst of a scan`, () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await startEngine({ version });
      await importImages(engine);
      await engine.docker("run", "--detach", "--name", "running", "busybox:plain");
      for (let number = 1; number < 30; number++) await engine.docker("create", "--name", `c${number}`, "--privileged", "busybox:plain");
    });
    afterAll(() => engine.stop());

    test("leaves what it had told, every container listed, and no pass for the others", async () => {
      const path = join(engine.folder, "watched.sock");
      let inspected = 0;
      const server = await forward(path, engine.socket, (text) => {
        if (/GET [^ ]*\/containers\/[0-9a-f]{64}\/json/.test(text) && ++inspected === 20) process.kill(engine.pid, "SIGKILL");
      });
      const { report, exitCode } = await scan(`unix://${path}`);
      server.close();
      expect(inspected).toBeGreaterThanOrEqual(20);
      expect(exitCode).toBe(1);
      expect(report.sources.find(({ name }) => name === "containers")).toMatchObject({
        status: "failed", detail: expect.stringMatching(/^\d+ of 30 containers could not be inspected: GET \/containers\//) as string,
      });
      const judged = report.results.filter(({ policy, resource }) => policy === "container-privileged" && resource.id !== null && resource.id !== "running");
      expect(judged).toHaveLength(29);
      const statuses = new Set(judged.map(({ status }) => status));
      expect([...statuses].sort()).toEqual(["fail", "unknown"]);
    });

    test("and afterwards is told as gone, while this machine is judged", async () => {
      const { report, exitCode } = await scan(engine.env.DOCKER_HOST);
      expect([1, 3]).toContain(exitCode);
      expect(report.sources.find(({ name }) => name === "engine")).toEqual({ name: "engine", status: "absent", detail: `no engine listens at ${engine.env.DOCKER_HOST}` });
      expect(report.results.filter(({ resource, status }) => resource.kind === "host" && status !== "unknown").length).toBeGreaterThan(0);
    });
  });
}

describe("whoever takes connections and never answers", () => {
  test("costs one time-out, and this machine is judged", async () => {
    const server = createHttpServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const start = Date.now();
    const { report, exitCode } = await scan(`tcp://127.0.0.1:${port}`);
    expect(Date.now() - start).toBeLessThan(40_000);
    server.closeAllConnections();
    server.close();
    expect([1, 3]).toContain(exitCode);
    expect(report.sources.find(({ name }) => name === "engine")).toEqual({ name: "engine", status: "failed", detail: "GET /info: no whole answer within 20 s" });
    expect(report.results.filter(({ resource, status }) => resource.kind === "container" && status === "pass")).toEqual([]);
    expect(report.sources.filter(({ name, status }) => ["host", "boot", "files"].includes(name) && status !== "ok")).toEqual([]);
  });
});
