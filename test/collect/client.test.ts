import { describe, expect, test } from "vitest";
import { connectEngine, type EngineClient } from "../../src/collect/client.ts";
import { startFakeEngine, type Answers } from "../support/fake-engine.ts";

async function connect(answers: Answers, size?: number): Promise<{ client: EngineClient; asked: string[] }> {
  const { endpoint, asked } = await startFakeEngine(answers);
  return { client: connectEngine(endpoint, 1000, size), asked };
}

test("every call asks what the API calls it", async () => {
  const { client, asked } = await connect({
    "/info": { a: 1 }, "/version": { b: 2 }, "/containers/json": [{ Id: "c" }], "/containers/c/json": { c: 3 }, "/networks": [{ Id: "n" }],
    "/networks/n": { d: 4 }, "/volumes": { Volumes: [{ Name: "v" }], Warnings: null }, "/images/sha256:e/json": { e: 5 },
    "/images/sha256:e/history": [{ CreatedBy: "RUN x" }],
  });
  expect(await Promise.all([
    client.info(), client.version(), client.listContainers(), client.inspectContainer("c"), client.listNetworks(), client.inspectNetwork("n"),
    client.listVolumes(), client.inspectImage("sha256:e"), client.imageHistory("sha256:e"),
  ])).toEqual([{ a: 1 }, { b: 2 }, [{ Id: "c" }], { c: 3 }, [{ Id: "n" }], { d: 4 }, [{ Name: "v" }], { e: 5 }, [{ CreatedBy: "RUN x" }]]);
  expect(asked.sort()).toEqual([
    "/containers/c/json", "/containers/json?all=true", "/images/sha256:e/history", "/images/sha256:e/json", "/info", "/networks", "/networks/n", "/version", "/volumes",
  ]);
});

test("an engine without volumes says null", async () => {
  const { client } = await connect({ "/volumes": { Volumes: null } });
  expect(await client.listVolumes()).toEqual([]);
});

describe("an answer of another form", () => {
  const listed = (what: string, key: string): string => `GET /${what}: the answer is no list of JSON objects with a text ${key}`;
  test.each([
    ["/info", "text", (client: EngineClient) => client.info(), "GET /info: the answer is no JSON object"],
    ["/info", null, (client: EngineClient) => client.info(), "GET /info: the answer is no JSON object"],
    ["/version", [], (client: EngineClient) => client.version(), "GET /version: the answer is no JSON object"],
    ["/containers/json", {}, (client: EngineClient) => client.listContainers(), listed("containers/json", "Id")],
    ["/containers/json", [null], (client: EngineClient) => client.listContainers(), listed("containers/json", "Id")],
    ["/containers/json", [{ Id: 7 }], (client: EngineClient) => client.listContainers(), listed("containers/json", "Id")],
    ["/networks", [{ Name: "bridge" }], (client: EngineClient) => client.listNetworks(), listed("networks", "Id")],
    ["/volumes", { Volumes: [{}] }, (client: EngineClient) => client.listVolumes(), listed("volumes", "Name")],
    ["/containers/c/json", 7, (client: EngineClient) => client.inspectContainer("c"), "GET /containers/c/json: the answer is no JSON object"],
  ])("of %s: %j", async (path, answer, call, message) => {
    const { client } = await connect({ [path]: answer });
    await expect(call(client)).rejects.toMatchObject({ name: "ApiError", message });
  });

  test("that is larger than allowed", async () => {
    const { client } = await connect({ "/info": { text: "x".repeat(2000) } }, 1024);
    await expect(client.info()).rejects.toThrow("GET /info: the answer is larger than");
  });
});

test("DOCKER_HOST and certificates of the environment do not lead elsewhere", async () => {
  const { client, asked } = await connect({ "/info": {} });
  Object.assign(process.env, { DOCKER_HOST: "tcp://127.0.0.1:1", DOCKER_CERT_PATH: "/nonexistent" });
  try {
    await client.info();
    expect(asked).toEqual(["/info"]);
  } finally {
    delete process.env["DOCKER_HOST"];
    delete process.env["DOCKER_CERT_PATH"];
  }
});
