import { describe, expect, test } from "vitest";
import { connectEngine } from "../../src/collect/client.ts";
import { collectImages, collectNetworks, collectVolumes } from "../../src/collect/inventory.ts";
import { fail, silence, startFakeEngine, type Answers } from "../support/fake-engine.ts";
import { containerOf } from "../support/snapshot.ts";

async function connect(answers: Answers) {
  const { endpoint, asked } = await startFakeEngine(answers);
  return { endpoint, asked, client: connectEngine(endpoint, 200) };
}

describe("networks", () => {
  test("are inspected one by one, since the list does not tell all", async () => {
    const { client, endpoint } = await connect({
      "/networks": [{ Id: "2", Name: "b" }, { Id: "1", Name: "a" }], "/networks/1": { Name: "a", Internal: true }, "/networks/2": { Name: "b", Options: { token: "s3cr3ts3cr3t" } },
    });
    expect(await collectNetworks(client, endpoint)).toEqual({
      status: "ok", detail: null, data: [{ Name: "a", Internal: true }, { Name: "b", Options: { token: "[redacted:token]" } }],
    });
  });

  test("that are removed meanwhile are left out; of one that cannot be inspected the others are kept", async () => {
    const { client, endpoint } = await connect({
      "/networks": ["1", "2", "3"].map((Id) => ({ Id })), "/networks/1": { Name: "a" }, "/networks/2": fail(404, "gone"), "/networks/3": fail(500, "driver"),
    });
    expect(await collectNetworks(client, endpoint)).toEqual({
      status: "failed", detail: "1 of 3 networks could not be inspected: GET /networks/3: HTTP 500 driver", data: [{ Name: "a" }],
    });
  });

  test("that cannot be listed", async () => {
    const { client, endpoint } = await connect({ "/networks": fail(401, "login") });
    expect(await collectNetworks(client, endpoint)).toEqual({ status: "denied", detail: "GET /networks: HTTP 401 login", data: null });
  });
});

describe("images", () => {
  const containers = ["x", "y", "x", "z"].map((image) => ({ ...containerOf(image), inspect: { Image: image } }));

  test("are those of the containers, each once, with the steps that they were built by", async () => {
    const history = [{ CreatedBy: "ENV API_TOKEN=hunter2hunter2" }];
    const { client, asked } = await connect({ "/images/x/json": { Id: "x" }, "/images/x/history": history, "/images/y/json": { Id: "y" }, "/images/y/history": fail(500, "broken"), "/images/z/json": fail(404, "gone") });
    expect(await collectImages(client, [...containers, { ...containerOf("broken"), inspect: null }])).toEqual({
      status: "ok", detail: "1 image is no longer there", data: [{ Id: "x", History: [{ CreatedBy: "ENV API_TOKEN=[redacted:token]" }] }, { Id: "y", HistoryError: "GET /images/y/history: HTTP 500 broken" }],
    });
    expect(asked.filter((path) => path.endsWith("/json"))).toHaveLength(3);
  });

  test("are none of what runs from a plain folder, nor of what holds a pod", async () => {
    const { client, asked } = await connect({ "/images/x/json": { Id: "x" }, "/images/x/history": [] });
    const others = [{ Image: "sha256:" }, { Image: "pause", InfraOf: "shop" }].map((inspect, index) => ({ ...containerOf(`c${index}`), inspect }));
    expect(await collectImages(client, [...containers.slice(0, 1), ...others])).toEqual({ status: "ok", detail: null, data: [{ Id: "x", History: [] }] });
    expect(asked.filter((path) => path.endsWith("/json"))).toHaveLength(1);
  });

  test("that were gathered are kept when others fail", async () => {
    const { client } = await connect({ "/images/x/json": { Id: "x" }, "/images/x/history": [], "/images/y/json": silence, "/images/z/json": { Id: "z" }, "/images/z/history": [] });
    expect(await collectImages(client, containers)).toEqual({
      status: "failed", detail: "1 of 3 images could not be inspected: GET /images/y/json: no whole answer within 0.2 s", data: [{ Id: "x", History: [] }, { Id: "z", History: [] }],
    });
  });
});

test("volumes are sorted and redacted", async () => {
  const { client, endpoint } = await connect({ "/volumes": { Volumes: [{ Name: "b" }, { Name: "a", Options: { o: "addr=h,username=u,password=hunter2hunter2" } }] } });
  expect(await collectVolumes(client, endpoint)).toEqual({
    status: "ok", detail: null, data: [{ Name: "a", Options: { o: "addr=h,username=u,password=[redacted:password]" } }, { Name: "b" }],
  });
});
