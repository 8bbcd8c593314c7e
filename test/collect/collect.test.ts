/** Snapshots of engines that misbehave: what was answered is there, and this machine's facts stay out where the engine is not proved to be here. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collectSnapshot } from "../../src/collect/collect.ts";
import type { Snapshot } from "../../src/snapshot/model.ts";
import { readSnapshot } from "../../src/snapshot/read.ts";
import { printSnapshot } from "../../src/snapshot/write.ts";
import { INFO_29, VERSION_29 } from "../support/engine-answers.ts";
import { fail, silence, startFakeEngine, startFakeListener, type Answers } from "../support/fake-engine.ts";
import { messageOf } from "../support/errors.ts";

const WHOLE: Answers = {
  "/info": INFO_29, "/version": VERSION_29, "/networks": [{ Id: "n" }], "/networks/n": { Id: "n", Name: "bridge" }, "/volumes": { Volumes: null },
  "/containers/json": [{ Id: "c", Names: ["/c"] }], "/containers/c/json": { State: { Pid: process.pid }, Image: "i" }, "/images/i/json": { Id: "i" },
};
const ENGINE_SIDE = ["engine", "containers", "networks", "volumes", "images"];

async function collect(host: string): Promise<Snapshot> {
  const snapshot = await collectSnapshot({
    environment: { DOCKER_HOST: host }, sysctls: { all: [], inContainers: [] }, tool: { name: "harden", version: "test" }, progress: () => undefined, now: () => new Date(0), timeout: 300,
  });
  // Whatever happened, it is a snapshot that a scan takes.
  await readSnapshot(printSnapshot(snapshot), "snapshot.json", snapshot.collectedAt);
  return snapshot;
}

function statusesOf({ sources }: Snapshot, names: readonly string[]): string[] {
  return Object.entries(sources).filter(([name]) => names.includes(name)).map(([name, { status }]) => `${name} ${status}`);
}

/** What is told of this machine beyond its name, and why not. */
function hostSide({ sources }: Snapshot): (string | null)[] {
  const others = Object.entries(sources).filter(([name]) => name !== "host" && !ENGINE_SIDE.includes(name));
  expect(others.filter(([, { data }]) => data !== null).map(([name]) => name)).toEqual([]);
  return [...new Set(others.map(([, { status, detail }]) => `${status}: ${detail ?? ""}`))];
}

describe("an engine that is not proved to be here", () => {
  const hasNoWitness = "none of its containers' processes is one of this machine";

  test("answers for itself, and nothing of this machine is joined with it", async () => {
    const { endpoint } = await startFakeEngine(WHOLE);
    const snapshot = await collect(endpoint.url);
    expect(statusesOf(snapshot, ENGINE_SIDE)).toEqual(ENGINE_SIDE.map((name) => `${name} ok`));
    expect(snapshot.sources.engine.data).toMatchObject({ local: false, pid: null });
    expect(hostSide(snapshot)).toEqual([expect.stringMatching(`^absent: the engine is not on this host: .*${hasNoWitness}$`)]);
  });

  test.each([
    ["info fails", { "/info": fail(500, "no") }, ["engine failed", "containers ok"]],
    ["info never comes", { "/info": silence }, ["engine failed", "containers ok"]],
    ["only the networks answer", { "/info": fail(500, "no"), "/containers/json": fail(500, "no"), "/volumes": fail(500, "no") }, ["engine failed", "containers failed"]],
  ])("even where %s", async (_, more, statuses) => {
    const { endpoint } = await startFakeEngine({ ...WHOLE, ...more });
    const snapshot = await collect(endpoint.url);
    expect(statusesOf(snapshot, ["engine", "containers"])).toEqual(statuses);
    expect(hostSide(snapshot)).toEqual([expect.stringMatching(/^absent: the engine is not on this host: /)]);
  });
});

describe("an engine behind TCP", () => {
  let respond: (path: string) => unknown = () => null;
  const server = createServer((request, response) => {
    const answer = respond((request.url ?? "").replace(/\?.*/, ""));
    if (answer === undefined) response.writeHead(500);
    response.end(JSON.stringify(answer ?? {}));
  });
  let url = "";
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => { server.close(); });

  test.each([["whole", "/nothing"], ["without info", "/info"], ["without containers", "/containers/json"]])("%s is elsewhere, though it names a process of this machine", async (_, missing) => {
    respond = (path) => (path === missing ? undefined : WHOLE[path]);
    const snapshot = await collect(url);
    expect(hostSide(snapshot)).toEqual([`absent: the engine is not on this host: ${url} is reached over the network`]);
  });
});

describe("without an engine this machine is read all the same", () => {
  const READ = ["host", "sysctl", "boot", "files"];

  test.each(["unix:///nonexistent/docker.sock", "unix:///etc/passwd", "unix:///etc", "tcp://127.0.0.1:1"])("at %s", async (host) => {
    const snapshot = await collect(host);
    expect(statusesOf(snapshot, [...ENGINE_SIDE, "processes"])).toEqual([...ENGINE_SIDE, "processes"].map((name) => `${name} absent`));
    expect(statusesOf(snapshot, READ).map((line) => line.split(" ")[0])).toEqual(["host", "sysctl", "boot", "files"]);
    expect(READ.filter((name) => snapshot.sources[name as "host"].data === null)).toEqual([]);
  });

  test("where one accepts and never answers, within one time-out", async () => {
    const { endpoint } = await startFakeListener(() => undefined);
    const snapshot = await collect(endpoint.url);
    expect(snapshot.sources.engine).toEqual({ status: "failed", detail: "GET /info: no whole answer within 0.3 s", data: null });
    expect(statusesOf(snapshot, [...ENGINE_SIDE, "processes"])).toEqual([...ENGINE_SIDE, "processes"].map((name) => `${name} failed`));
    expect(READ.filter((name) => snapshot.sources[name as "host"].data === null)).toEqual([]);
  });
});

test("an engine that dies half way leaves what it had told", async () => {
  const engine = await startFakeEngine({ ...WHOLE, "/containers/json": [{ Id: "c" }, { Id: "d" }], "/containers/d/json": () => { setTimeout(engine.die, 100); } });
  const { sources } = await collect(engine.endpoint.url);
  expect([sources.engine.status, sources.networks.status, sources.containers.status]).toEqual(["ok", "ok", "failed"]);
  expect(sources.containers.data?.map(({ id, error }) => [id, error === null])).toEqual([["c", true], ["d", false]]);
  expect(sources.images.status).toBe("failed");
});

test("a DOCKER_HOST that is not understood is said before anything is read", async () => {
  expect((await messageOf(() => collect("foo://host")))[0]).toMatch(/^DOCKER_HOST is no address/);
});
