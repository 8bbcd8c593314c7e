import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { connectEngine } from "../../src/collect/client.ts";
import type { Endpoint } from "../../src/collect/endpoint.ts";
import { collectEngine, fromApiError, listPids } from "../../src/collect/engine.ts";
import { ApiError } from "../../src/collect/transport.ts";
import { fail, silence, startFakeEngine } from "../support/fake-engine.ts";
import { containerOf } from "../support/snapshot.ts";

const collect = (endpoint: Endpoint) => collectEngine(connectEngine(endpoint, 200), endpoint);

test("info and version, redacted, and nothing said of where it is", async () => {
  const { endpoint } = await startFakeEngine({ "/info": { HttpProxy: "http://u:hunter2@proxy" }, "/version": { Platform: { Name: "token=s3cr3ts3cr3t" } } });
  expect(await collect(endpoint)).toEqual({
    status: "ok", detail: null,
    data: {
      endpoint: endpoint.url, local: false, localReason: "not looked at", pid: null,
      info: { HttpProxy: "http://u:[redacted:url-password]@proxy" }, version: { Platform: { Name: "token=[redacted:token]" } },
    },
  });
});

test.each([
  ["info never comes", { "/info": silence, "/version": {} }, "failed", "GET /info: no whole answer within 0.2 s"],
  ["info is forbidden", { "/info": fail(403, "by plugin"), "/version": {} }, "denied", "GET /info: HTTP 403 by plugin"],
  ["version is no JSON object", { "/info": {}, "/version": "1.2" }, "failed", "GET /version: the answer is no JSON object"],
])("%s", async (_, answers, status, detail) => {
  const { endpoint } = await startFakeEngine(answers);
  expect(await collect(endpoint)).toEqual({ status, detail, data: null });
});

test("what the endpoint has to say is said of an engine that answers, and of one that does not", async () => {
  const { endpoint } = await startFakeEngine({ "/info": {}, "/version": {} });
  const note = "another engine has a socket here";
  expect((await collect({ ...endpoint, note })).detail).toBe(note);
  expect((await collect({ kind: "unix", url: "unix:///nothing", path: "/nothing", note })).detail).toBe(`there is no engine at unix:///nothing; ${note}`);
});

test("what a socket that cannot be used says of the engine", async () => {
  const { endpoint } = await startFakeEngine({});
  const folder = dirname(endpoint.path);
  writeFileSync(join(folder, "file"), "");
  const at = async (name: string): Promise<string> => {
    const path = name === "" ? folder : join(folder, name);
    const { status, detail } = await collect({ kind: "unix", url: `unix://${path}`, path });
    return `${status}: ${detail?.replace(folder, "…") ?? ""}`;
  };
  expect(await Promise.all(["file", "", "nothing", "file/x"].map(at))).toEqual([
    "absent: unix://…/file is no socket", "absent: unix://… is no socket", "absent: there is no engine at unix://…/nothing", "absent: there is no engine at unix://…/file/x",
  ]);
});

test.each([
  [{ code: "EACCES" }, "denied", "no permission to use tcp://h:1: run harden as root or as a member of the socket's group"],
  [{ code: "ECONNREFUSED" }, "absent", "no engine listens at tcp://h:1"],
  [{ code: "ENOTFOUND" }, "failed", "no address is known for the host of tcp://h:1: its name is wrong, or no name server answers"],
  [{ code: "EAI_AGAIN" }, "failed", "no address is known for the host of tcp://h:1: its name is wrong, or no name server answers"],
  [{ code: "EHOSTUNREACH" }, "failed", "GET /info: words"],
  [{ status: 401 }, "denied", "GET /info: words"],
])("a first call that failed with %j", (trouble, status, detail) => {
  const endpoint = { kind: "tcp", url: "tcp://h:1", host: "h", port: 1, tls: null } as const;
  expect(fromApiError(new ApiError("GET /info: words", trouble), endpoint)).toEqual({ status, detail, data: null });
});

test("what is to be said of the endpoint is said where no engine answers too", async () => {
  expect(await collect({ kind: "unix", url: "unix:///nonexistent/s", path: "/nonexistent/s", note: "config.json: no JSON" })).toEqual({
    status: "absent", detail: "there is no engine at unix:///nonexistent/s; config.json: no JSON", data: null,
  });
});

test("a fault of harden is none of the engine's", () => {
  expect(() => fromApiError(new TypeError("x"), { kind: "unix", url: "", path: "" })).toThrow(TypeError);
});

test("only processes that run are listed, whatever the answer holds", () => {
  const states = [{ Pid: 7 }, { Pid: 0 }, { Pid: "8" }, {}, null, "x"];
  const containers = [...states.map((State, index) => ({ ...containerOf(`c${index}`), inspect: { State } })), { ...containerOf("none"), inspect: null }];
  expect(listPids(containers)).toEqual([{ id: containers[0]?.id, pid: 7 }]);
});
