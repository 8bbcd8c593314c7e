/** Podman beside another engine on the wire: what is asked, and of whom. */
import { expect, test } from "vitest";
import { connectEngine } from "../../../src/collect/client.ts";
import { collectContainers } from "../../../src/collect/containers.ts";
import { collectEngine } from "../../../src/collect/engine.ts";
import { collectNetworks } from "../../../src/collect/inventory.ts";
import { fail, type FakeEngine, startFakeEngine } from "../../support/fake-engine.ts";

const VERSION = { Version: "4.3.1", Components: [{ Name: "Podman Engine", Version: "4.3.1", Details: { MinAPIVersion: "4.0.0" } }, { Name: "Conmon" }] };
const OWN = [
  { name: "podman", id: "1", driver: "bridge", network_interface: "podman0", internal: false, ipv6_enabled: false },
  { name: "app", id: "2", driver: "bridge", network_interface: "podman1", internal: false, ipv6_enabled: false },
];
const ANSWERS = {
  "/version": VERSION,
  "/networks": [{ Name: "bridge", Id: "1" }, { Name: "app", Id: "2" }],
  "/networks/1": { Name: "podman", Id: "1", Driver: "bridge", Options: {} },
  "/networks/2": { Name: "app", Id: "2", Driver: "bridge", Options: { mtu: "1400" } },
  "/containers/json": [{ Id: "a", Names: ["/web"] }],
  "/containers/a/json": { Name: "/web", HostConfig: {}, NetworkSettings: { Networks: { podman: {} }, Ports: {} } },
  "/v4.0.0/libpod/networks/json": OWN,
  "/v4.0.0/libpod/info": { host: { security: { rootless: true, selinuxEnabled: true } } },
  "/info": { ServerVersion: "4.3.1", SecurityOptions: ["name=seccomp,profile=default"] },
  "/v4.0.0/libpod/containers/a/json": { OCIRuntime: "crun", HostConfig: {}, Config: { CreateCommand: ["podman", "run", "x"] } },
};

const networksOf = ({ endpoint }: FakeEngine) => collectNetworks(connectEngine(endpoint, 1000), endpoint);
const containersOf = ({ endpoint }: FakeEngine) => collectContainers(connectEngine(endpoint, 1000), endpoint, () => undefined);

test("networks have podman's names and interfaces, and the default one is marked", async () => {
  const answer = await networksOf(await startFakeEngine(ANSWERS));
  expect(answer).toEqual({
    status: "ok", detail: null,
    data: [
      { Name: "app", Id: "2", Driver: "bridge", Options: { mtu: "1400", "com.docker.network.bridge.name": "podman1" }, Default: false },
      { Name: "podman", Id: "1", Driver: "bridge", Options: { "com.docker.network.bridge.name": "podman0" }, Default: true },
    ],
  });
});

test("containers are completed from podman's own API", async () => {
  const answer = await containersOf(await startFakeEngine(ANSWERS));
  expect(answer.data).toMatchObject([{ name: "web", inspect: { HostConfig: { Runtime: "crun", Sysctls: {} }, Untold: [] } }]);
});

test("what holds a pod is told by the pod's name", async () => {
  const infra = { ...ANSWERS["/v4.0.0/libpod/containers/a/json"], IsInfra: true, Pod: "9b8b" };
  const told = await containersOf(await startFakeEngine({ ...ANSWERS, "/v4.0.0/libpod/containers/a/json": infra, "/v4.0.0/libpod/pods/9b8b/json": { Id: "9b8b", Name: "shop" } }));
  expect(told.data).toMatchObject([{ name: "web", inspect: { InfraOf: "shop" } }]);
  const member = await containersOf(await startFakeEngine({ ...ANSWERS, "/v4.0.0/libpod/containers/a/json": { ...infra, IsInfra: false } }));
  expect(member.data?.[0]?.inspect).not.toHaveProperty("InfraOf");
});

test("info says whether it is rootless, and whether SELinux holds", async () => {
  const { endpoint } = await startFakeEngine(ANSWERS);
  const answer = await collectEngine(connectEngine(endpoint, 1000), endpoint);
  expect(answer.data?.info["SecurityOptions"]).toEqual(["name=seccomp,profile=default", "name=rootless", "name=selinux"]);
});

test("a container of which only Docker's API tells is there, with the reason", async () => {
  const answer = await containersOf(await startFakeEngine({ ...ANSWERS, "/v4.0.0/libpod/containers/a/json": fail(403, "not for you") }));
  expect([answer.status, answer.data]).toEqual(["failed", [{ id: "a", name: "web", inspect: null, error: "GET /v4.0.0/libpod/containers/a/json: HTTP 403 not for you" }]]);
});

test.each([
  ["another engine", { Components: [{ Name: "Engine" }] }], ["one that does not say what it is", {}], ["one that does not tell its version", fail(500, "no")],
])("%s is not asked for what only podman has", async (_, version) => {
  const engine = await startFakeEngine({ ...ANSWERS, "/version": version });
  const [networks, containers] = [await networksOf(engine), await containersOf(engine)];
  expect([networks.status, containers.status]).toEqual(["ok", "ok"]);
  expect(engine.asked.filter((path) => path.includes("libpod"))).toEqual([]);
});

test("podman that does not tell its networks has failed", async () => {
  const answer = await networksOf(await startFakeEngine({ ...ANSWERS, "/v4.0.0/libpod/networks/json": fail(500, "broken") }));
  expect([answer.status, answer.detail]).toEqual(["failed", "GET /v4.0.0/libpod/networks/json: HTTP 500 broken"]);
});
