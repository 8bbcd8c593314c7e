import { describe, expect, test } from "vitest";
import { deriveNetworks } from "../../src/facts/network.ts";
import type { Network } from "../../src/facts/model/network.ts";
import type { ContainerAnswer } from "../../src/snapshot/model.ts";
import { defaultBridge } from "../support/engine-answers.ts";
import { containerOf, snapshotOf } from "../support/snapshot.ts";

const BRIDGE = defaultBridge();
const HOST = { Name: "host", Id: "1".repeat(64), Driver: "host", Scope: "local", Internal: false, EnableIPv6: false, Options: {}, Labels: {} };
const SHOP = {
  Name: "shop_default", Id: "2".repeat(64), Driver: "bridge", Scope: "local", Internal: false, EnableIPv6: true, Options: {},
  Labels: { "com.docker.compose.project": "shop" }, Containers: {},
};

/** `networks`: name → the network's id, "" before the container's first start. */
function container(name: string, networks: Record<string, string>, changes: { project?: string; host?: object; settings?: object; exposed?: object } = {}): ContainerAnswer {
  const labels = changes.project === undefined ? {} : { "com.docker.compose.project": changes.project, "com.docker.compose.service": name };
  return containerOf(name, {
    Config: { Labels: labels, ...(changes.exposed === undefined ? {} : { ExposedPorts: changes.exposed }) },
    HostConfig: changes.host ?? {},
    NetworkSettings: { ...changes.settings, Networks: Object.fromEntries(Object.entries(networks).map(([network, id]) => [network, { NetworkID: id }])) },
  });
}

function derive(networks: Record<string, unknown>[], containers: ContainerAnswer[]): Map<string, Network> {
  return new Map(deriveNetworks(snapshotOf({ networks, containers })).resources.map((network) => [network.id, network]));
}

test("the default bridge, a project's network and the host's, as the engine tells them", () => {
  const found = derive([SHOP, BRIDGE, HOST], []);
  expect([...found.keys()]).toEqual(["bridge", "host", "shop_default"]);
  expect(found.get("bridge")).toMatchObject({ driver: "bridge", scope: "local", icc: true, defaultBridge: true, bridge: "docker0", project: null, internal: false, ipv6: false });
  expect(found.get("shop_default")).toMatchObject({ icc: true, defaultBridge: false, bridge: `br-${"2".repeat(12)}`, project: "shop", ipv6: true, members: [], projects: [], unknown: {} });
  expect(found.get("host")).toMatchObject({ driver: "host", bridge: null });
});

test("a container in another's network namespace is a member of that one's networks, through several", () => {
  const joiner = (name: string, other: string, project: string): ContainerAnswer => container(name, {}, { project, host: { NetworkMode: `container:${other}` } });
  const web = container("web", { shop_default: SHOP.Id }, { project: "shop" });
  const found = derive([SHOP], [web, joiner("tail", "side", "logs"), joiner("side", web.id, "blog"), joiner("lost", "gone", "x"), joiner("round", "round", "y")]);
  expect(found.get("shop_default")?.members.map(({ key }) => key)).toEqual(["blog/side", "logs/tail", "shop/web"]);
  expect(found.get("shop_default")?.projects).toEqual(["blog", "logs", "shop"]);
});

test("an empty project is none", () => {
  expect(derive([SHOP], [container("web", { shop_default: SHOP.Id }, { project: "" })]).get("shop_default")?.projects).toEqual([]);
});

test("icc of a network is its own option", () => {
  const quiet = { ...SHOP, Options: { "com.docker.network.bridge.enable_icc": "false" } };
  expect(derive([quiet], []).get("shop_default")?.icc).toBe(false);
});

test("members are containers that run and containers that do not, from their own settings", () => {
  const containers = [
    container("web", { shop_default: SHOP.Id }, { project: "shop" }),
    container("new", { shop_default: "" }, { project: "blog" }),
    container("plain", { shop_default: SHOP.Id, bridge: "" }),
    container("alone", {}),
  ];
  const found = derive([SHOP, BRIDGE], containers);
  expect(found.get("shop_default")?.members).toEqual([
    { key: "blog/new", container: "new", project: "blog", service: "new", publishes: false, image: "busybox", alone: true },
    { key: "plain", container: "plain", project: null, service: null, publishes: false, image: "busybox", alone: false },
    { key: "shop/web", container: "web", project: "shop", service: "web", publishes: false, image: "busybox", alone: true },
  ]);
  expect(found.get("shop_default")?.projects).toEqual(["blog", "shop"]);
  expect(found.get("shop_default")?.memberNames).toEqual(["blog/new", "new", "plain", "shop/web", "web"]);
  expect(found.get("bridge")?.members.map(({ key }) => key)).toEqual(["plain"]);
});

test("containers outside Compose are of no project", () => {
  const found = derive([BRIDGE], [container("a", { bridge: "" }), container("b", { bridge: "" })]);
  expect(found.get("bridge")?.projects).toEqual([]);
});

describe("publishes", () => {
  const cases: [string, Parameters<typeof container>[2], boolean][] = [
    ["a binding", { host: { PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "8080" }] } } }, true],
    ["a binding that only the running container has", { settings: { Ports: { "80/tcp": [{ HostIp: "0.0.0.0", HostPort: "49153" }] } } }, true],
    ["all exposed ports", { host: { PublishAllPorts: true }, exposed: { "80/tcp": {} } }, true],
    ["all exposed ports, none exposed", { host: { PublishAllPorts: true } }, false],
    ["an exposed port alone", { settings: { Ports: { "80/tcp": null } }, exposed: { "80/tcp": {} } }, false],
    ["an empty list of bindings", { host: { PortBindings: { "80/tcp": [] } } }, false],
  ];
  test.each(cases)("%s", (_, changes, publishes) => {
    const network = derive([SHOP], [container("web", { shop_default: SHOP.Id }, changes)]).get("shop_default");
    expect([network?.members[0]?.publishes, network?.anyPublishes]).toEqual([publishes, publishes]);
  });
});

test("a container that could not be inspected may be on any network: what is not settled without it is unknown", () => {
  const lost = { id: "9".repeat(64), name: "lost", inspect: null, error: "HTTP 500" };
  const reason = "container lost could not be inspected: HTTP 500";
  const quiet = derive([SHOP], [lost, container("web", { shop_default: SHOP.Id }, { project: "shop" })]).get("shop_default");
  expect(quiet?.unknown).toEqual({ "/members": reason, "/memberNames": reason, "/projects": reason, "/anyPublishes": reason, "/fronts": reason, "/backs": reason, "/gateways/1/filtered": "the default hangs on the engine's version, which is not known" });
  const settled = derive([SHOP], [
    lost,
    container("web", { shop_default: SHOP.Id }, { project: "shop", host: { PortBindings: { "80/tcp": [{ HostPort: "80" }] } } }),
    container("log", { shop_default: SHOP.Id }, { project: "blog" }),
  ]).get("shop_default");
  expect(settled?.unknown).toEqual({ "/gateways/1/filtered": "the default hangs on the engine's version, which is not known", "/members": reason, "/memberNames": reason, "/backs": reason });
});

test("two networks of one name keep apart", () => {
  const twin = { ...SHOP, Id: "3".repeat(64) };
  const found = derive([SHOP, twin], [container("web", { shop_default: SHOP.Id })]);
  expect([...found].map(([id, { members }]) => [id, members.length])).toEqual([[`shop_default ${"2".repeat(12)}`, 1], [`shop_default ${"3".repeat(12)}`, 0]]);
});

test("networks that were not read are none, with the reason", () => {
  const { resources, source } = deriveNetworks(snapshotOf({ networks: { status: "failed", detail: "HTTP 500", data: null } }));
  expect([resources, source]).toEqual([[], { status: "failed", detail: "HTTP 500" }]);
  const absent = { status: "absent", detail: "there is no engine", data: null } as const;
  expect(deriveNetworks(snapshotOf({ engine: absent, networks: absent })).source).toEqual({ status: "absent", detail: "there is no engine" });
});
